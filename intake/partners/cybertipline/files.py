"""Files of an open report: hashed while they stream, and described afterwards."""

from uuid import UUID, uuid4

from starlette.requests import Request
from starlette.responses import Response

from core.accounts import File
from core.cybertipline.grammar.files import FILE_DETAILS, misfit_in_a_batch
from core.cybertipline.kept import Described, Upload
from core.sealing import Row
from core.vocabulary import Missing
from intake.partners.completeness import NEEDS
from intake.partners.cybertipline.answers import Code, answer
from intake.partners.cybertipline.bodies import (
    COMPRESSED,
    MULTIPART,
    SLOW,
    Refusal,
    is_compressed,
    media_type,
    number_of,
)
from intake.partners.cybertipline.conversion import file_of
from intake.partners.cybertipline.documents import document_in
from intake.partners.cybertipline.door import Door
from intake.partners.cybertipline.hashing import Stream
from intake.partners.cybertipline.multipart import Broken, Form
from intake.partners.cybertipline.posts import DONE, Act, Change
from intake.partners.cybertipline.refusals import refused, told
from intake.partners.known import Partner
from intake.partners.patience import LONGEST, pieces

MOST_UPLOADS = 64  # at once; each takes up to 2 MB of memory
BUSY = {"retry-after": "5"}
NO_FILE = UUID(int=0)
WORTH = NEEDS[Missing.EVIDENCE].weight

NO_FORM = Refusal(Code.MALFORMED_FILE, "send multipart/form-data", 415)
BROKEN = Refusal(Code.MALFORMED_FILE, "the form is broken")
CUT_OFF = Refusal(Code.MALFORMED_FILE, "the form has no end")
NOT_ONE = Refusal(Code.INVALID_REQUEST, "send one file, as file")


async def upload(door: Door, request: Request, partner: Partner) -> Response:
    """Hash a file while it streams, and keep its hashes with its report."""
    if door.uploads >= MOST_UPLOADS:
        return answer(Code.UPLOAD_FAILED, "too many uploads at once; try again", headers=BUSY)
    door.uploads += 1
    try:
        sent = await _hashed(request)
    finally:
        door.uploads -= 1
    return refused(sent) if isinstance(sent, Refusal) else await _add(door, request, partner, *sent)


async def fileinfo(door: Door, request: Request, partner: Partner) -> Response:
    """Keep what is said of a file, once."""
    document = await document_in(request, FILE_DETAILS)
    if isinstance(document, Response):
        return document
    details, text = document
    number, file = int(details.said("reportId")), _file_id(details.said("fileId"))
    described = Described(text, file_of(details)).to_text()
    key, sealed = door.desk.seal_part(Row("report_parts", file), "details", described)
    misfit = misfit_in_a_batch(details)
    change = Change(Act.DESCRIBE, number, partner.id, file, key, sealed, fits=not misfit)
    outcome = (await door.desk.letterbox.post(change)).split()[0]
    return answer(Code.SUCCESS, report=number) if outcome == DONE else told(request, outcome, misfit)


async def _add(door: Door, request: Request, partner: Partner, number: int, id: UUID, upload: Upload) -> Response:
    key, sealed = door.desk.seal_part(Row("report_parts", id), "upload", upload.to_text())
    change = Change(Act.UPLOAD, number, partner.id, id, key, sealed)
    outcome = (await door.desk.letterbox.post(change)).split()[0]
    if outcome != DONE:
        return told(request, outcome)
    return answer(Code.SUCCESS, report=number, file=id.hex, md5=upload.file.hashes["md5"])


async def _hashed(request: Request) -> tuple[int, UUID, Upload] | Refusal:
    """The number of the report, a new id for the file, and all that is kept of it."""
    kind, options = media_type(request)
    if kind != MULTIPART:
        return NO_FORM
    stream = Stream()
    form = Form(stream.take)
    try:
        return COMPRESSED if is_compressed(request) else await _streamed(request, form, stream, options)
    except Broken:
        return BROKEN
    except TimeoutError:
        return SLOW


async def _streamed(
    request: Request, form: Form, stream: Stream, options: dict[str, str]
) -> tuple[int, UUID, Upload] | Refusal:
    """Raises Broken, TimeoutError."""

    form.open(options.get("boundary", ""))
    async for piece in pieces(request, LONGEST):
        form.feed(piece)
        await stream.flow()
    size, hashes = await stream.end()
    if not form.ended:
        return CUT_OFF
    number = number_of(form.id) if form.files == 1 else NOT_ONE
    if isinstance(number, Refusal):
        return number
    id = uuid4()
    return number, id, Upload(id.hex, size, WORTH, File(hashes, form.name, form.media_type))


def _file_id(text: str) -> UUID:
    """That of a file; one that no file has, for what is none."""
    try:
        return UUID(hex=text) if text.isalnum() else NO_FILE
    except ValueError:
        return NO_FILE
