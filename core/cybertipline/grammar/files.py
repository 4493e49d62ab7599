"""What is said of an uploaded file, and what the door answers."""

from core.cybertipline.grammar.accounts import DEVICE, IP_CAPTURE
from core.cybertipline.grammar.kinds import (
    FILLED_TOKEN,
    FLAG,
    PAST_MOMENT,
    REPORT_NUMBER,
    TAG,
    TEXT,
    TOKEN,
    URL,
    WHOLE,
    string,
)
from core.cybertipline.grammar.shapes import Attribute, Either, Order, Shape, many, maybe, one, some
from core.cybertipline.grammar.words import (
    BATCH_TAGS,
    CLASSIFICATION,
    FILE_TAGS,
    METADATA_TYPE,
    RELEVANCE,
    SUPPLEMENTAL,
)
from core.cybertipline.node import Node

NOT_OF_A_BATCH = (
    "originalFileName",
    "locationOfFile",
    "originalFileHash",
    "ipCaptureEvent",
    "deviceId",
    "details",
    "additionalInfo",
)


def viewed_whole(file: Node) -> str:
    """Whoever looked at the EXIF has looked at the file."""
    looked = file.has("exifViewedByEsp") and file.is_true("exifViewedByEsp")
    seen = file.has("fileViewedByEsp") and file.is_true("fileViewedByEsp")
    return "fileViewedByEsp must be true when exifViewedByEsp is" if looked and not seen else ""


def supplement_is_plain(file: Node) -> str:
    """Only what is the reason for the report is a meme or has a classification."""
    if file.said("fileRelevance") != SUPPLEMENTAL:
        return ""
    if file.is_true("fileAnnotations", "potentialMeme") or file.is_true("potentialMeme"):
        return "a potential meme must not be Supplemental Reported"
    return (
        "what has an industryClassification must not be Supplemental Reported"
        if file.has("industryClassification")
        else ""
    )


def misfit_in_a_batch(file: Node) -> str:
    """What a file of a batched report must be and must not have; nothing when it fits."""
    tags = [tag.name for tag in file.all("fileAnnotations") for tag in tag.children]
    if not set(BATCH_TAGS) & set(tags) and not file.is_true("potentialMeme"):
        return "a file of a batched report must be annotated viral or potentialMeme"
    beyond = next((name for name in tags if name not in BATCH_TAGS), None) or next(
        (name for name in NOT_OF_A_BATCH if file.has(name)), None
    )
    if beyond:
        return f"a file of a batched report must not have {beyond}"
    return "a file of a batched report must be Reported" if file.said("fileRelevance") == SUPPLEMENTAL else ""


ANNOTATIONS = Shape("fileAnnotations", tuple(maybe(name, TAG) for name in FILE_TAGS), order=Order.ALL)
HASH = Shape("originalFileHash", text=TEXT, attributes=(Attribute("hashType", string(64), required=True),))
METADATA = Shape(
    "details",
    (some("nameValuePair", Shape("nameValuePair", (one("name", string(64)), one("value", TEXT)))),),
    attributes=(Attribute("type", METADATA_TYPE),),
)
FILE_DETAILS = one(
    "fileDetails",
    Shape(
        "fileDetails",
        (
            one("reportId", REPORT_NUMBER),
            one("fileId", FILLED_TOKEN),
            maybe("fileName", TEXT),
            maybe("originalFileName", string(2056)),
            maybe("uploadedToEspTimestamp", PAST_MOMENT),
            maybe("locationOfFile", URL),
            maybe("fileViewedByEsp", FLAG),
            maybe("exifViewedByEsp", FLAG),
            maybe("publiclyAvailable", FLAG),
            maybe("fileRelevance", RELEVANCE),
            Either((maybe("potentialMeme", FLAG), maybe("fileAnnotations", ANNOTATIONS))),
            maybe("industryClassification", CLASSIFICATION),
            many("originalFileHash", HASH),
            maybe("ipCaptureEvent", IP_CAPTURE),
            many("deviceId", DEVICE),
            many("details", METADATA),
            many("additionalInfo", TEXT),
        ),
        rules=(viewed_whole, supplement_is_plain),
    ),
)
REPORT_RESPONSE = one(
    "reportResponse",
    Shape(
        "reportResponse",
        (
            one("responseCode", WHOLE),
            one("responseDescription", TEXT),
            maybe("reportId", REPORT_NUMBER),
            maybe("fileId", TOKEN),
            maybe("hash", TOKEN),
        ),
    ),
)
DONE_RESPONSE = one(
    "reportDoneResponse",
    Shape(
        "reportDoneResponse",
        (
            one("responseCode", WHOLE),
            one("reportId", REPORT_NUMBER),
            one("files", Shape("fileIds", (many("fileId", TEXT),))),
        ),
    ),
)
