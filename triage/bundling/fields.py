"""Where a report names what it is about. Who reported it, who is hurt and how to reach them would bundle people."""

from core.details import Details
from core.vocabulary import Side

WORDS = frozenset({"what", "urgency"})
NAMED = frozenset({"link", "account", "suspect"})
OF_ACCOUNT = frozenset({"id", "handle", "emails", "phones", "urls"})
OF_FILE = frozenset({"hashes", "url"})


def tells(field: str, details: Details) -> bool:
    """Whether what stands in this field, like `accounts.0.emails.1`, may bundle: what happened, and who is reported."""
    if field in WORDS or field in NAMED:
        return True
    first, number, name = (*field.split("."), "", "")[:3]
    if first == "accounts":
        return name in OF_ACCOUNT and details.accounts[int(number)].side is Side.REPORTED
    return first == "urls" or (first == "messages" and name == "text") or (first == "files" and name in OF_FILE)


def is_text(field: str) -> bool:
    """Whether people tell something there, and do not only name it."""
    return field in WORDS or field.startswith("messages.")
