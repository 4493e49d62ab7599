"""For Schemathesis: a partner's credentials, and idempotency keys of their own: one used twice is rightly refused."""

import os
import re
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis import AuthContext, Case, HookContext

HEADER, VALID = "Idempotency-Key", re.compile(r"[!#-~]{1,200}")


@schemathesis.auth()
class Bearer:
    """The API key that the test handed over."""

    def get(self, case: Case[Any], context: AuthContext) -> str:
        return os.environ["DOOR_KEY"]

    def set(self, case: Case[Any], data: str, context: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, object]) -> None:
    key = case.headers.get(HEADER, "")
    if VALID.fullmatch(str(key)):
        case.headers[HEADER] = uuid4().hex
