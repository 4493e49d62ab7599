"""Links and domains in a text: with a scheme or without, and what only looks like one."""

import re
from collections.abc import Iterator
from itertools import islice

from core.vocabulary import IdentifierKind, Sure
from triage.reading.edges import FOREIGN, NAME, run_in, trimmed, without_run_on
from triage.reading.finding import MOST, Finding
from triage.reading.hosts import Host, host_of
from triage.reading.language import is_common_word
from triage.reading.lists import words_in
from triage.reading.urls import LONGEST, Url, site_name, url_of

_REST = rf"[^\s<>\"`|{{}}^\x00{FOREIGN}]"
_WITH_SCHEME = re.compile(
    rf"(?<![a-z0-9])(?P<scheme>https?|ftp)(?:\s?[:;]\s?|)[/\\]{{1,}}(?P<rest>{_REST}{{3,{LONGEST}}})", re.I
)
_WITHOUT = re.compile(
    rf"(?<![\w@.-])(?P<name>{NAME})(?P<rest>\.?(?::\d{{1,5}}(?!\d))?(?:[/?#\\]{_REST}{{0,{LONGEST}}})?)"
)
_FILES, _STEMS = words_in("links.toml", "file_endings"), words_in("links.toml", "file_stems")
_STEM_ENDINGS = words_in("links.toml", "file_stem_endings")
_WORDS, _BEFORE = words_in("links.toml", "word_endings"), words_in("links.toml", "before")
_LAST_WORD = re.compile(r"([^\W\d_]+)[\s:\"'(«“]*$")
_GOES_ON = re.compile(r"[\"'»”)]?[ \t]+[^\W\d_]")


def find_links(text: str) -> Iterator[Finding]:
    """Every URL that has a scheme, and the domain of those that name a whole site."""
    for match in islice(_WITH_SCHEME.finditer(text), MOST):
        rest = trimmed(match["rest"])
        scheme = "ftp" if match["scheme"].lower() == "ftp" else "https"
        if found := url_of(f"{scheme}://{rest}"):
            yield from _link(found, match.start(), match.start("rest") + len(rest), Sure.CERTAIN)


def find_bare(text: str, field_is_a_name: bool = False) -> Iterator[Finding]:
    """Every domain, and every URL written without its scheme."""
    for match in islice(_WITHOUT.finditer(text), MOST):
        skipped = run_in(match["name"])
        name, rest = without_run_on(match["name"][skipped:]), match["rest"]
        rest = trimmed(rest) if name == match["name"][skipped:] else ""
        start, end = match.start() + skipped, match.start() + skipped + len(name) + len(rest)
        host = host_of(name)
        if host is None or host.is_address or not (field_is_a_name or _is_meant(host, name, rest, text, start, end)):
            continue
        if rest.strip("/."):
            if found := url_of(f"https://{name}{rest}"):
                yield from _link(found, start, end, Sure.LIKELY)
        else:
            yield Finding(
                IdentifierKind.DOMAIN, site_name(host), start, end, _sure(host), host=host.ascii, flags=host.flags
            )


def _link(url: Url, start: int, end: int, sure: Sure) -> Iterator[Finding]:
    host = url.host
    yield Finding(IdentifierKind.URL, url.canonical, start, end, sure, host=host.ascii, flags=url.flags)
    if host.ascii.startswith("0."):
        return  # nobody's address
    if host.is_address:
        yield Finding(IdentifierKind.IP, host.ascii, start, end, sure, host=host.ascii)
    elif url.names_a_site:
        yield Finding(IdentifierKind.DOMAIN, site_name(host), start, end, sure, host=host.ascii, flags=host.flags)


def _sure(host: Host) -> Sure:
    return Sure.GUESS if host.top in _WORDS and not host.ascii.startswith("www.") else Sure.LIKELY


def _is_meant(host: Host, name: str, rest: str, text: str, start: int, end: int) -> bool:
    """Whether somebody named a place, and did not forget a space, name a file or call a function."""
    labels, stem = host.ascii.split("."), name.partition(".")[0]
    if labels[0] == "www":
        return True
    if _is_file(labels, rest) or text[end : end + 1] == "(" or (all(map(str.isdigit, labels[:-1])) and len(labels) > 2):
        return False
    return labels[-1] not in _WORDS or _is_name(stem, name, rest, text, start, end)


def _is_file(labels: list[str], rest: str) -> bool:
    """`holiday.zip` and `readme.md`; `b.holiday.zip` and `holiday.zip/a` are places."""
    ending, stem = labels[-1], labels[-2]
    return not rest.strip("/.") and (
        (ending in _FILES and len(labels) == 2)
        or (ending in _STEM_ENDINGS and stem.rpartition("_")[0] + stem in _STEMS)
    )


def _is_name(stem: str, name: str, rest: str, text: str, start: int, end: int) -> bool:
    """Of names that end in a word: not `home.She`, `he.is` or `at school.in the evening`."""
    top = name.rpartition(".")[2]
    if rest.strip("/.") and (len(stem) == 1 or not is_common_word(stem)):
        return True
    if len(stem) < 2 or stem.isdigit() or is_common_word(stem) or top.istitle():
        return False
    before = _LAST_WORD.search(text[max(start - 40, 0) : start])
    if before and before[1].lower() in _BEFORE:
        return True
    stands_first = text[max(start - 40, 0) : start].rstrip(" \"'(«“")[-1:] in ("", "\n", ":")
    return len(top) == 2 and (stands_first or not _GOES_ON.match(text, end))
