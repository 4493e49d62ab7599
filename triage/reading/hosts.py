"""Host names: IDNA both ways, the registrable part by the public suffix list, and names that pose as others."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

import ada_url
import tldextract

from core.vocabulary import Flag
from triage.reading.scripts import is_mixed, looks_latin

RESERVED = frozenset(
    {"example", "test", "invalid", "onion", "i2p", "eth", "bit"}
    | {"xn--0zwm56d", "xn--g6w251d", "xn--kgbechtv", "xn--hgbk6aj7f53bba", "xn--11b5bs3a9aj6g", "xn--80akhbyknj4f"}
)
"""Endings that are in no public suffix list and name something all the same."""
LONGEST = 253
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@dataclass(frozen=True, slots=True)
class Host:
    """A name as DNS knows it (`ascii`), as people read it (`shown`), and its part that somebody registered.

    `registered` is empty for an address.
    """

    ascii: str
    shown: str
    registered: str
    flags: tuple[Flag, ...]

    @property
    def is_address(self) -> bool:
        return not self.registered

    @property
    def top(self) -> str:
        return self.ascii.rpartition(".")[2]


def host_of(written: str) -> Host | None:
    """What a host name in a text is, or None when it can be none."""
    try:
        hostname = ada_url.URL(f"https://{written}/").hostname
    except ValueError:
        return None
    name = hostname.rstrip(".")
    if address := address_of(name.strip("[]")):
        return Host(str(address), str(address), "", ())
    if not _is_name(name):
        return None
    registered = registered_part(name)
    return Host(name, shown(name), registered, flags_of(name)) if registered else None


def registered_part(name: str) -> str:
    """`b.example` of `a.b.example`; empty when its ending is not known."""
    parts = _suffixes.extract_str(name)
    if parts.suffix and parts.domain:
        return f"{parts.domain}.{parts.suffix}"
    labels = name.split(".")
    return ".".join(labels[-2:]) if len(labels) > 1 and labels[-1] in RESERVED else ""


def shown(name: str) -> str:
    """With its letters instead of punycode."""
    try:
        return ada_url.idna.decode(name.encode()) if "xn--" in name else name
    except ValueError:
        return name


def flags_of(name: str) -> tuple[Flag, ...]:
    """Oddities of an ASCII name's letters."""
    if "xn--" not in name:
        return ()
    labels = shown(name).split(".")
    posing = looks_latin_all(labels[:-1]) and labels[-1].isascii()
    mixed = any(is_mixed(label) for label in labels)
    return (Flag.PUNYCODE, *[Flag.MIXED_SCRIPT] * mixed, *[Flag.LOOKALIKE] * posing)


def looks_latin_all(labels: list[str]) -> bool:
    return any(looks_latin(label) for label in labels if not label.isascii())


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _is_name(name: str) -> bool:
    labels = name.split(".")
    well_formed = all(label and len(label) <= 63 and not label.startswith("-") for label in labels)
    return len(name) <= LONGEST and well_formed and not labels[-1].isdigit()
