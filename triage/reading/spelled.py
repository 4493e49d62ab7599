"""Addresses spelled out in words: "kate at mail dot example", "pagina punto example".

Sentences hold such words too ("a dot in the picture", "le point de vue"), so only what ends in a known ending
that is no word counts.
"""

import re
from collections.abc import Iterator
from itertools import islice

from core.vocabulary import Flag, IdentifierKind, Sure
from triage.reading.emails import finding_of
from triage.reading.finding import MOST, Finding
from triage.reading.folding import folded
from triage.reading.hosts import Host, host_of
from triage.reading.language import is_common_word
from triage.reading.lists import words_in
from triage.reading.urls import site_name

_DOT = r"(?:dot|punkt|punto|point|ponto|punt|kropka|крапка|точка|نقطة|डॉट|点)"
_BETWEEN = r"(?:arroba|arobase|chiocciola|małpa|собака|равлик|apestaartje)"
_AT = r"(?:at|arroba|arobase|chiocciola|małpa|malpa|собака|равлик|apestaartje|ät|klammeraffe|آت|ات|एट|艾特|圈a)"
SPOKEN = frozenset(map(folded, [*_DOT[3:-1].split("|"), *_BETWEEN[3:-1].split("|")]))
"""One of these words stands in every spelled-out address."""
_PART = r"[\w\u0900-\u0963-]{1,63}"
_GAP = r"[ \t]{1,3}"
_SPELLED = re.compile(
    rf"(?<![\w@.-])(?:(?P<local>[\w.+-]{{1,64}})(?:{_GAP}{_AT}{_GAP}|@))?"
    rf"(?P<host>{_PART}(?:(?:{_GAP}{_DOT}{_GAP}|\.){_PART}){{0,4}}{_GAP}{_DOT}{_GAP}[a-zA-Z]{{2,24}}(?![\w-])(?:\.[a-z]{{2,8}}\b)?)"
    rf"|(?<![\w@.-])(?P<local2>[\w.+-]{{1,64}}){_GAP}{_BETWEEN}{_GAP}(?P<host2>(?:{_PART}\.)+[a-zA-Z]{{2,24}})(?![\w-])",
    re.IGNORECASE,
)
_DOTS = re.compile(rf"{_GAP}{_DOT}{_GAP}", re.IGNORECASE)
_WORDS = words_in("links.toml", "word_endings")
_NOT_LOCAL = words_in("clues.toml", "no_local")


def find_spelled(text: str) -> Iterator[Finding]:
    """Every spelled-out e-mail address and domain."""
    for match in islice(_SPELLED.finditer(text), MOST):
        written, local = match["host"] or match["host2"], match["local"] or match["local2"]
        host = host_of(_DOTS.sub(".", written))
        start = match.start("host") if match["host"] else match.start("host2")
        if host is None or host.is_address or not _is_meant(host, local is not None):
            continue
        if local and local.lower() not in _NOT_LOCAL and not is_common_word(local):
            found = finding_of(local, host, match.start(), match.end(), Sure.LIKELY)
        else:
            found = Finding(IdentifierKind.DOMAIN, site_name(host), start, match.end(), Sure.GUESS, host=host.ascii)
        yield _flagged(found, host)


def _is_meant(host: Host, is_email: bool) -> bool:
    """The name may be a common word only in an e-mail address, and the ending never."""
    first = host.shown.partition(".")[0]
    return host.top not in _WORDS and (is_email or not is_common_word(first))


def _flagged(found: Finding, host: Host) -> Finding:
    return Finding(
        found.kind,
        found.canonical,
        found.start,
        found.end,
        found.sure,
        host=host.ascii,
        flags=(*host.flags, Flag.DEFANGED),
    )
