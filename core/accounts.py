"""What an operator knows and an investigator needs: accounts and where they were seen, messages, files."""

import msgspec

from core.vocabulary import Side


class Sighting(msgspec.Struct, frozen=True, omit_defaults=True):
    """An address (IPv4 or IPv6) an account was used from; `at` is RFC 3339, `port` the source port."""

    ip: str
    at: str = ""
    port: int | None = None
    event: str = ""


class Account(msgspec.Struct, frozen=True, omit_defaults=True):
    """One account at a service, as its operator knows it; `id` is the operator's own, `note` whatever else is known."""

    side: Side = Side.REPORTED
    service: str = ""
    id: str = ""
    handle: str = ""
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    seen: tuple[Sighting, ...] = ()
    country: str = ""
    note: str = ""


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message as text. `sender` is an id or a handle of one of the accounts."""

    text: str
    sender: str = ""
    at: str = ""
    id: str = ""


class File(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file by its hashes (algorithm to hexadecimal); the file itself never comes here."""

    hashes: dict[str, str] = {}
    name: str = ""
    media_type: str = ""
    url: str = ""
    note: str = ""
