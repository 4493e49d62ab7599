"""The words NCMEC's form allows in some places. They are constants of the wire and spelled as they are there."""

from core.countries import CODES
from core.cybertipline.grammar.kinds import choice

REPORTED, SUPPLEMENTAL = "Reported", "Supplemental Reported"

BATCH_REASON = choice("batchedReportReason", "VIRAL_POTENTIAL_MEME")
INCIDENT_TYPE = choice(
    "incidentType",
    "Child Pornography (possession, manufacture, and distribution)",
    "Child Sex Trafficking",
    "Child Sex Tourism",
    "Child Sexual Molestation",
    "Misleading Domain Name",
    "Misleading Words or Digital Images on the Internet",
    "Online Enticement of Children for Sexual Acts",
    "Unsolicited Obscene Material Sent to a Child",
)
REPORT_TAGS = ("sextortion", "csamSolicitation", "minorToMinorInteraction", "spam", "sadisticOnlineExploitation")
BATCH_TAGS = ("potentialMeme", "viral")
FILE_TAGS = (
    "animeDrawingVirtualHentai",
    "potentialMeme",
    "viral",
    "possibleSelfProduction",
    "physicalHarm",
    "violenceGore",
    "bestiality",
    "liveStreaming",
    "infant",
    "generativeAi",
)
EVENT = choice("eventName", "Login", "Registration", "Purchase", "Upload", "Other", "Unknown")
ADDRESS_TYPE = choice("addressType", "Home", "Business", "Billing", "Shipping", "Technical")
PHONE_TYPE = choice("phoneType", "Mobile", "Home", "Business", "Work", "Fax", "Internet", "Recovery")
EMAIL_TYPE = choice("emailType", "Home", "Work", "Business", "Recovery")
ACCOUNT_TYPE = choice("accountType", "Billing", "Linked", "Business", "Creator", "Parent/Guardian", "Other")
RELEVANCE = choice("fileRelevance", REPORTED, SUPPLEMENTAL)
CLASSIFICATION = choice("industryClassification", "A1", "A2", "B1", "B2")
METADATA_TYPE = choice("metadataType", "EXIF", "HASH")

BEYOND_ISO = ("A1", "A2", "AN", "AP", "EU", "FX", "O1")
"""Codes that are no country of today: proxies, satellites, regions, and two that ISO 3166 took back."""

COUNTRY = choice("countryCode", "", *sorted({*CODES, *BEYOND_ISO}))
US = "US"
_STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK"
    " OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY"
)
STATES = tuple(_STATES.split())
STATE = choice("usState", "", *STATES)
