"""What the door answers: NCMEC's codes, its two documents, and a number to quote for each request."""

import secrets
from collections.abc import Sequence
from enum import IntEnum

from starlette.responses import Response

from core.cybertipline.grammar.files import DONE_RESPONSE, REPORT_RESPONSE
from core.cybertipline.node import Node
from core.cybertipline.writing import plain

XML = "text/xml; charset=utf-8"
CHALLENGE = {"www-authenticate": 'Basic realm="CyberTipline", charset="UTF-8"'}
REQUEST_ID = "Request-ID"


class Code(IntEnum):
    """NCMEC's response codes. A code is what a client reads; the HTTP status only agrees with it."""

    SUCCESS = 0
    SERVER_ERROR = 1000
    SAVE_FAILED = 1100
    UPLOAD_FAILED = 1110
    FILE_UPLOAD_FAILED = 1111
    NOT_FOUND = 1210
    UPDATE_FAILED = 1300
    AUTHENTICATION_REQUIRED = 2000
    NOT_AUTHORIZED = 3000
    MAY_NOT_SUBMIT = 3100
    MAY_NOT_UPDATE = 3300
    INVALID_REQUEST = 4000
    VALIDATION_FAILED = 4100
    MALFORMED_XML = 4110
    MALFORMED_FILE = 4200
    NO_REPORT = 5001
    NO_FILE = 5002
    RETRACTED = 5101
    FINISHED = 5102


WORDS = {
    Code.SUCCESS: "Success",
    Code.SERVER_ERROR: "Server error",
    Code.SAVE_FAILED: "Save failed",
    Code.UPLOAD_FAILED: "Upload failed",
    Code.FILE_UPLOAD_FAILED: "File upload failed",
    Code.NOT_FOUND: "Resource not found",
    Code.UPDATE_FAILED: "Update failed",
    Code.AUTHENTICATION_REQUIRED: "Authentication required",
    Code.NOT_AUTHORIZED: "Not authorized for this action",
    Code.MAY_NOT_SUBMIT: "Not authorized to submit",
    Code.MAY_NOT_UPDATE: "Not authorized to update",
    Code.INVALID_REQUEST: "Invalid request",
    Code.VALIDATION_FAILED: "Validation failed",
    Code.MALFORMED_XML: "Malformed XML",
    Code.MALFORMED_FILE: "Malformed file",
    Code.NO_REPORT: "Report does not exist",
    Code.NO_FILE: "File does not exist",
    Code.RETRACTED: "Already retracted",
    Code.FINISHED: "Already finished",
}
STATUSES = {
    Code.SUCCESS: 200,
    Code.SERVER_ERROR: 500,
    Code.SAVE_FAILED: 503,
    Code.UPLOAD_FAILED: 503,
    Code.FILE_UPLOAD_FAILED: 503,
    Code.NOT_FOUND: 404,
    Code.AUTHENTICATION_REQUIRED: 401,
    Code.NOT_AUTHORIZED: 403,
    Code.MAY_NOT_SUBMIT: 403,
    Code.MAY_NOT_UPDATE: 403,
}
"""Every other refusal is a 400: that is the one NCMEC documents."""


def answer(
    code: Code,
    more: str = "",
    *,
    report: int | None = None,
    file: str = "",
    md5: str = "",
    status: int = 0,
    headers: dict[str, str] | None = None,
) -> Response:
    """A reportResponse. `more` says what exactly, in words that repeat nothing of what was sent."""
    described = f"{WORDS[code]}: {more}" if more else WORDS[code]
    said = {"responseCode": str(code.value), "responseDescription": described}
    said |= {"reportId": str(report)} if report is not None else {}
    said |= {"fileId": file, "hash": md5} if file else {}
    node = Node(REPORT_RESPONSE.name, children=[Node(name, text=text) for name, text in said.items()])
    return _response(node, status or STATUSES.get(code, 400), headers)


def done(report: int, files: Sequence[str]) -> Response:
    """A reportDoneResponse: the report is finished and these are its files."""
    listed = Node("files", children=[Node("fileId", text=file) for file in files])
    code, number = Node("responseCode", text="0"), Node("reportId", text=str(report))
    return _response(Node(DONE_RESPONSE.name, children=[code, number, listed]), 200)


def status_of(username: str, address: str) -> Response:
    """Who is asking, as we see them."""
    text = f"Remote User : {username}, Remote Ip : {address}"
    said = [Node("responseCode", text="0"), Node("responseDescription", text=text)]
    return _response(Node(REPORT_RESPONSE.name, children=said), 200)


def new_request_id() -> str:
    return secrets.token_hex(8)


def _response(node: Node, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(plain(node), status, headers, XML)
