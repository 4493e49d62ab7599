"""E-mail addresses, plain or spelled out."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from core.vocabulary import IdentifierKind, Sure
from triage.reading.edges import NAME, run_in, without_run_on
from triage.reading.finding import MOST, Finding
from triage.reading.hosts import Host, host_of

_EMAIL = re.compile(rf"(?<![\w.+%@-])(?P<local>[\w.%+'-]{{1,64}})\s?@\s?(?P<host>{NAME})")
_SAME_BOX = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def find_emails(text: str) -> Iterator[Finding]:
    """Every address; a space may stand around the @ only when the address says so by its ending."""
    if "@" not in text:
        return
    for match in islice(_EMAIL.finditer(text), MOST):
        skipped = run_in(match["local"])
        local, name = match["local"][skipped:].lstrip(".'-"), without_run_on(match["host"])
        start = match.end("local") - len(local)
        spaced = match.end("local") + 1 != match.start("host")
        if (host := host_of(name)) and not host.is_address and _is_local(local) and not (spaced and len(local) < 3):
            end = match.start("host") + len(name)
            yield finding_of(local, host, start, end, Sure.GUESS if spaced else Sure.CERTAIN)


def finding_of(local: str, host: Host, start: int, end: int, sure: Sure) -> Finding:
    return Finding(IdentifierKind.EMAIL, canonical(local, host), start, end, sure, host=host.ascii, flags=host.flags)


def canonical(local: str, host: Host) -> str:
    """Small letters; where a provider ignores dots and what follows a plus, so do we."""
    local = unicodedata.normalize("NFKC", local).lower()
    if host.ascii in _SAME_BOX:
        local = local.partition("+")[0].replace(".", "") or local
    return f"{local}@{_SAME_BOX.get(host.ascii, host.ascii)}"


def _is_local(local: str) -> bool:
    return bool(local) and ".." not in local and not local.endswith(".")
