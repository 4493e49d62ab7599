"""Accounts: who used a service, from where and on what, and what became of the account."""

from core.cybertipline.grammar.kinds import (
    AGE,
    FLAG,
    IP_ADDRESS,
    MOMENT,
    PAST_DAY,
    PAST_MOMENT,
    PORT,
    REPORT_NUMBER,
    TEXT,
    URL,
    moment,
    string,
)
from core.cybertipline.grammar.people import ADDRESS, EMAIL, PERSON, PHONE
from core.cybertipline.grammar.shapes import Attribute, Element, Shape, many, maybe, one
from core.cybertipline.grammar.words import ACCOUNT_TYPE, COUNTRY, EVENT, STATES, US
from core.cybertipline.node import Node


def placed(node: Node) -> str:
    """A place is in a country; in the US its region is a state, and a city there has one."""
    country, region, city = (node.said(name) for name in ("countryCode", "region", "city"))
    if not country:
        return "countryCode must not be blank"
    if country != US:
        return ""
    if region and region not in STATES:
        return "region must be a US state or territory"
    return "region must not be blank for a city in the US" if city and not region else ""


def disabled_in_order(node: Node) -> str:
    """Nobody is told before an account is disabled, and it comes back only afterwards."""
    disabled, told, back = (
        moment(node.attributes.get(name, "")) for name in ("disabledDate", "userNotifiedDate", "reenabledDate")
    )
    if disabled and told and told < disabled:
        return "userNotifiedDate must not be before disabledDate"
    return "reenabledDate must be after disabledDate" if disabled and back and back <= disabled else ""


def one_age(node: Node) -> str:
    """An age or a date of birth, not both."""
    both = node.has("approximateAge") and node.has("dateOfBirth")
    return "approximateAge and dateOfBirth must not both be given" if both else ""


IP_CAPTURE = Shape(
    "ipCaptureEvent",
    (
        one("ipAddress", IP_ADDRESS),
        maybe("eventName", EVENT),
        maybe("dateTime", PAST_MOMENT),
        maybe("possibleProxy", FLAG),
        maybe("port", PORT),
    ),
)
DEVICE = Shape(
    "deviceId",
    (
        one("idType", string(255, filled=True)),
        one("idValue", string(2083, filled=True)),
        maybe("eventName", EVENT),
        maybe("dateTime", PAST_MOMENT),
    ),
)
LOCATION = Shape(
    "estimatedLocation",
    (maybe("city", string(255)), maybe("region", string(255)), maybe("countryCode", COUNTRY)),
    attributes=(Attribute("verified", FLAG), Attribute("timestamp", PAST_MOMENT)),
    rules=(placed,),
)
_DISABLED = (
    Attribute("disabledDate", PAST_MOMENT),
    Attribute("userNotified", FLAG),
    Attribute("userNotifiedDate", PAST_MOMENT),
)
TEMPORARILY = Shape(
    "temporarilyDisabled",
    text=FLAG,
    attributes=(*_DISABLED, Attribute("reenabledDate", MOMENT)),
    rules=(disabled_in_order,),
)
PERMANENTLY = Shape("permanentlyDisabled", text=FLAG, attributes=_DISABLED, rules=(disabled_in_order,))

_STATE_OF_ACCOUNT = (
    maybe("accountTemporarilyDisabled", TEMPORARILY),
    maybe("accountPermanentlyDisabled", PERMANENTLY),
)
_SHOWN = (
    maybe("screenName", string(256)),
    many("displayName", string(255)),
    many("profileUrl", URL),
    maybe("profileBio", TEXT),
)
_CAPTURES = (many("ipCaptureEvent", IP_CAPTURE), many("deviceId", DEVICE))
_IN_THEIR_SYSTEM = (
    maybe("espIdentifier", string(255)),
    maybe("espService", string(100)),
    maybe("compromisedAccount", FLAG),
    *_SHOWN,
    *_CAPTURES,
)
_PRIOR = many("priorCTReports", REPORT_NUMBER)
_GROUP = maybe("groupIdentifier", string(255))
_WHERE = (maybe("estimatedLocation", LOCATION), maybe("allEmailsReported", FLAG))

ASSOCIATED = Shape(
    "associatedAccount",
    (
        maybe("platform", Shape("platform", text=string(256), attributes=(Attribute("thirdPartyUser", FLAG),))),
        maybe("firstName", string(256)),
        maybe("middleName", string(256)),
        maybe("lastName", string(256)),
        maybe("approximateAge", AGE),
        maybe("dateOfBirth", PAST_DAY),
        many("phone", PHONE),
        many("email", EMAIL),
        maybe("allEmailsReported", FLAG),
        many("address", ADDRESS),
        maybe("espService", string(256)),
        maybe("espIdentifier", string(256)),
        many("profileUrl", URL),
        maybe("screenName", string(256)),
        many("displayName", string(255)),
        maybe("profileBio", TEXT),
        maybe("groupIdentifier", string(256)),
        maybe("compromisedAccount", FLAG),
        *_STATE_OF_ACCOUNT,
        *_CAPTURES,
        many("priorCTReport", REPORT_NUMBER),
        maybe("additionalInfo", TEXT),
    ),
    attributes=(Attribute("type", ACCOUNT_TYPE, also="accountType"),),
    rules=(one_age,),
)
_ASSOCIATED: Element = many("associatedAccount", ASSOCIATED)

REPORTED_USER = Shape(
    "personOrUserReported",
    (
        maybe("personOrUserReportedPerson", PERSON),
        maybe("vehicleDescription", string(300)),
        *_IN_THEIR_SYSTEM,
        maybe("thirdPartyUserReported", FLAG),
        _PRIOR,
        _GROUP,
        *_STATE_OF_ACCOUNT,
        *_WHERE,
        _ASSOCIATED,
        maybe("additionalInfo", TEXT),
    ),
)
RECIPIENT = Shape(
    "intendedRecipient",
    (
        maybe("intendedRecipientPerson", PERSON),
        *_IN_THEIR_SYSTEM,
        _PRIOR,
        _GROUP,
        *_STATE_OF_ACCOUNT,
        *_WHERE,
        many("additionalInfo", TEXT),
    ),
)
VICTIM = Shape(
    "victim",
    (
        one("victimPerson", PERSON),
        *_IN_THEIR_SYSTEM,
        maybe("schoolName", string(255)),
        _PRIOR,
        *_STATE_OF_ACCOUNT,
        *_WHERE,
        _ASSOCIATED,
        maybe("additionalInfo", TEXT),
    ),
)
