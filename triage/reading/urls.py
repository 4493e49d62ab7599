"""URLs: parsed as browsers do (WHATWG), and one canonical form for all the ways to write the same one."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

import ada_url

from core.vocabulary import Flag
from triage.reading.hosts import Host, host_of
from triage.reading.lists import words_in

SCHEMES = {"https:": "https", "http:": "https", "ftp:": "ftp"}
LONGEST = 4096
_PORTS = ("", "80", "443", "21")
_TRACKING = words_in("links.toml", "tracking")
_TRACKING_STARTS = tuple(words_in("links.toml", "tracking_starts"))
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PLAIN_BYTES = re.compile(rb"[A-Za-z0-9._~-]+")


@dataclass(frozen=True, slots=True)
class Url:
    """A URL that can be opened: its canonical form, where it leads, and what is odd about it."""

    canonical: str
    host: Host
    flags: tuple[Flag, ...]

    @property
    def names_a_site(self) -> bool:
        """Whether it leads to the site as a whole, not to a page of it."""
        return not self.canonical.partition("://")[2].partition("/")[2]


def url_of(written: str) -> Url | None:
    """What a whole URL is, or None when no browser would open it or its host can be none."""
    if len(written) > LONGEST:
        return None
    try:
        parsed = ada_url.URL(written)
    except ValueError:
        return None
    host = host_of(parsed.hostname) if parsed.protocol in SCHEMES else None
    if host is None:
        return None
    flags = host.flags + ((Flag.USERINFO,) if parsed.username or parsed.password else ())
    return Url(_canonical(parsed, host), host, flags)


def _canonical(parsed: ada_url.URL, host: Host) -> str:
    """https for http; no user, default port, `www.`, last slash, tracking, place on the page; one encoding."""
    name = f"[{host.ascii}]" if ":" in host.ascii else site_name(host)
    port = "" if parsed.port in _PORTS else f":{parsed.port}"
    path = evened(parsed.pathname).rstrip("/") or "/"
    return f"{SCHEMES[parsed.protocol]}://{name}{port}{path}{_query(parsed.search)}{_fragment(parsed.hash)}"


def site_name(host: Host) -> str:
    """Without `www.`, however often, as long as something that somebody registered is left."""
    name = host.ascii
    while name.startswith("www.") and name != host.registered:
        name = name.removeprefix("www.")
    return name


def _query(search: str) -> str:
    """In the order of the names; what only tells how somebody came there is left out."""
    given = [part for part in search.removeprefix("?").split("&") if part]
    pairs = [evened(part.replace("+", "%20")) for part in given]
    kept = sorted((pair for pair in pairs if not _tracks(pair)), key=lambda pair: pair.partition("=")[0])
    return "?" + "&".join(kept) if kept else ""


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_STARTS)


def _fragment(fragment: str) -> str:
    """A place on the page is left out; what a page's script reads as its path is not."""
    return evened(fragment) if fragment.startswith(("#!", "#/")) else ""


def evened(text: str) -> str:
    """One percent-encoding: what needs none has none, and the rest is in capitals."""
    return _ESCAPED.sub(_even, text) if "%" in text else text


def _even(escaped: re.Match[str]) -> str:
    raw = unquote_to_bytes(escaped[0])
    return "".join(chr(byte) if _PLAIN_BYTES.match(bytes([byte])) else f"%{byte:02X}" for byte in raw)
