"""The ways an agency receives: what each needs to be used, and what is wrong with one."""

import re
from urllib.parse import urlsplit

import msgspec
import pyrage

from core.errors import WrongWay
from core.loopback import is_loopback
from core.vocabulary import By

ADDRESS = re.compile(r"[^\s@<>,;:\"]{1,64}@[^\s@<>,;:\"]{1,190}")


class Way(msgspec.Struct, frozen=True, tag_field="by", omit_defaults=True):
    """How one agency receives."""

    @property
    def by(self) -> By:
        return By(str(self.__struct_config__.tag))

    def check(self) -> None:
        """Raises WrongWay."""


class Console(Way, frozen=True, tag="console"):
    """It reads in this console: it is connected here."""


class Email(Way, frozen=True, tag="email"):
    """`key` is its age recipient, `age1...`: what is attached opens with its private half alone."""

    to: str
    key: str

    def check(self) -> None:
        check_address(self.to)
        check_key(self.key)


class Webhook(Way, frozen=True, tag="webhook"):
    """The body is sealed to `key`, an age recipient."""

    url: str
    key: str

    def check(self) -> None:
        check_url(self.url)
        check_key(self.key)


class CyberTipline(Way, frozen=True, tag="cybertipline"):
    """`url` is its base, without `/submit`; the password is kept apart, sealed."""

    url: str
    user: str

    def check(self) -> None:
        check_url(self.url)
        if not 0 < len(self.user) <= 200 or ":" in self.user or not self.user.isprintable():
            raise WrongWay("A user name for HTTP Basic has no colon in it.")


class Xarf(Way, frozen=True, tag="xarf"):
    """An abuse desk's address. Such desks rarely have a key: without one the links alone are sent, over TLS."""

    to: str
    key: str = ""

    def check(self) -> None:
        check_address(self.to)
        if self.key:
            check_key(self.key)


class Signpost(Way, frozen=True, tag="signpost"):
    """Nothing is sent: staff see what to tell, and whom to call."""

    tell: str = ""


class Plain(Way, frozen=True, tag="plain"):
    """A hosting provider's abuse desk without a key: what it is told is in the message. Agencies never receive so."""

    to: str

    def check(self) -> None:
        check_address(self.to)


AnyWay = Console | Email | Webhook | CyberTipline | Xarf | Signpost
ProvidersWay = Email | Webhook | Plain


def way_of(stored: object) -> AnyWay:
    """The way that an agency's row holds; with none, a signpost. Raises WrongWay."""
    if stored is None:
        return Signpost()
    try:
        way: AnyWay = msgspec.convert(stored, AnyWay)
    except msgspec.ValidationError:
        raise WrongWay from None
    return way


def providers_way_of(stored: object) -> ProvidersWay:
    """The way that a provider's row holds. Raises WrongWay."""
    try:
        way: ProvidersWay = msgspec.convert(stored, ProvidersWay)
    except msgspec.ValidationError:
        raise WrongWay from None
    return way


def check_address(address: str) -> None:
    """Raises WrongWay for what is not one plain e-mail address."""
    if not ADDRESS.fullmatch(address) or not (address.isascii() and address.isprintable()):
        raise WrongWay("An e-mail address looks like desk@agency.example.")


def check_key(key: str) -> None:
    """Raises WrongWay for what is no age recipient."""
    try:
        pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        raise WrongWay("A key is an age recipient, `age1...`, as `age-keygen` prints it.") from None


def check_url(url: str) -> None:
    """Raises WrongWay for what is neither https nor plain http to this very machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise WrongWay("This is no web address.") from None
    if not host or parts.username or parts.password or parts.fragment or not url.isprintable() or " " in url:
        raise WrongWay("An address is https, a host and a path: no name, password or fragment in it.")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise WrongWay("An address must be https.")
