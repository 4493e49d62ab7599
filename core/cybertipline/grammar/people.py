"""People, and how they are reached: addresses, phones, e-mail."""

from core.cybertipline.grammar.kinds import (
    AGE,
    CALLING_CODE,
    EXTENSION,
    FLAG,
    MAILBOX,
    PAST_DAY,
    PAST_MOMENT,
    is_true,
    string,
)
from core.cybertipline.grammar.shapes import Attribute, Shape, many, maybe, some
from core.cybertipline.grammar.words import ADDRESS_TYPE, COUNTRY, EMAIL_TYPE, PHONE_TYPE, STATE
from core.cybertipline.node import Node

VERIFIED = (Attribute("verified", FLAG), Attribute("verificationDate", PAST_MOMENT))


def verified_when_dated(node: Node) -> str:
    """Whoever gives a verificationDate says that it is verified."""
    dated = "verificationDate" in node.attributes
    if dated and not is_true(node.attributes.get("verified", "")):
        return "verified must be true when verificationDate is given"
    return ""


def calling_code_once(node: Node) -> str:
    """A number does not begin with the calling code that stands beside it."""
    code = node.attributes.get("countryCallingCode")
    return "must not start with its countryCallingCode" if code and node.text.strip().startswith(code) else ""


ADDRESS = Shape(
    "address",
    (
        maybe("address", string(255)),
        maybe("city", string(100)),
        maybe("zipCode", string(20)),
        maybe("state", STATE),
        maybe("nonUsaState", string(100)),
        maybe("country", COUNTRY),
    ),
    attributes=(Attribute("type", ADDRESS_TYPE),),
)
EMAIL = Shape(
    "email", text=MAILBOX, attributes=(Attribute("type", EMAIL_TYPE), *VERIFIED), rules=(verified_when_dated,)
)
PHONE = Shape(
    "phone",
    text=string(50),
    attributes=(
        Attribute("type", PHONE_TYPE),
        *VERIFIED,
        Attribute("countryCallingCode", CALLING_CODE),
        Attribute("extension", EXTENSION),
    ),
    rules=(verified_when_dated, calling_code_once),
)
_NAMES = (maybe("firstName", string(100)), maybe("lastName", string(100)))
_BORN = (maybe("age", AGE), maybe("dateOfBirth", PAST_DAY))

CONTACT_PERSON = Shape("contactPerson", (*_NAMES, many("phone", PHONE), many("email", EMAIL), many("address", ADDRESS)))
PERSON = Shape("person", (*CONTACT_PERSON.parts, *_BORN))
REPORTING_PERSON = Shape(
    "reportingPerson", (*_NAMES, many("phone", PHONE), some("email", EMAIL), many("address", ADDRESS), *_BORN)
)
