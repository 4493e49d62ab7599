"""What the door asks of the database: one post for each request that changes an open report, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from intake.partners.cybertipline.answers import Code
from intake.slots import Post


class Act(StrEnum):
    """What is done to an open report."""

    UPLOAD = "upload"
    DESCRIBE = "describe"
    FINISH = "finish"
    RETRACT = "retract"


@dataclass(frozen=True, slots=True)
class Change(Post):
    """One act. `part_id` is the file's, or a number for this very request; `fits` whether a batch may hold this."""

    FUNCTION: ClassVar = "change_open_reports"

    act: str
    number: int
    partner_id: UUID
    part_id: UUID
    wrapped_key: bytes = b""
    sealed: bytes = b""
    fits: bool = True


DONE = "done"
NUMBER_TAKEN = "number_taken"
QUARANTINED = "quarantined"
REFUSED = {
    "no_report": Code.NO_REPORT,
    "no_file": Code.NO_FILE,
    "retracted": Code.RETRACTED,
    "finished": Code.FINISHED,
    "described": Code.UPDATE_FAILED,
    "no_fit": Code.VALIDATION_FAILED,
    "too_many": Code.VALIDATION_FAILED,
}
"""What the database says when it did not, and the code for it."""

MORE = {
    "described": "details of this file were given already",
    "no_fit": "a batched report does not hold such a file",
    "too_many": "a batched report holds one file; retract it and submit it again",
}
