"""One HTTP request to another side: to an address that was looked at, in limited time, following nothing."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from core.loopback import is_loopback
from core.vocabulary import Trouble
from triage.referrals.hurry import hung_up_after
from triage.referrals.outcome import Failed

Address = tuple[str, int]
LONGEST_ANSWER = 256 * 1024
TLS = ssl.create_default_context()
TLS.minimum_version = ssl.TLSVersion.TLSv1_2


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names are in small letters."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rules:
    """How long all of it may take, and whether it may go to a private network or by plain http to this machine."""

    seconds: float
    private: bool = False
    tls: ssl.SSLContext = field(default_factory=lambda: TLS)


def ask(rules: Rules, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer | Failed:
    """The answer, whatever its status; or why there is none."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (rules.private and is_loopback(host)):
        return Failed(Trouble.ADDRESS, for_good=True)
    try:
        addresses = _addresses(host, parts.port or (443 if parts.scheme == "https" else 80), rules)
        if not addresses:
            return Failed(Trouble.ADDRESS)
        line = http.client.HTTPConnection(host, parts.port)
        with _holding() as held, closing(line), hung_up_after(rules.seconds, lambda: held[-1] if held else None):
            line.sock = _connected(held, host, addresses, rules, parts.scheme == "https")
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            line.request(method, path, body, dict(headers))
            return _answer(line.getresponse())
    except (OSError, http.client.HTTPException, ValueError):
        return Failed(Trouble.NO_ANSWER)


def _addresses(host: str, port: int, rules: Rules) -> list[Address]:
    """Where to connect, looked up once: a name cannot lead somewhere else in between.

    Nowhere when any address of the name is not of the public internet, unless that is allowed.
    """
    found = [where[4] for where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not rules.private and not all(_is_public(str(address[0])) for address in found):
        return []
    return [(str(address[0]), port) for address in found]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    return ip.is_global and inner.is_global and not ip.is_multicast


@contextmanager
def _holding() -> Iterator[list[socket.socket]]:
    """The sockets of one conversation: http.client lets go of its own before the last byte is read."""
    held: list[socket.socket] = []
    try:
        yield held
    finally:
        for one in held:
            one.close()


def _connected(
    held: list[socket.socket], host: str, addresses: Sequence[Address], rules: Rules, secured: bool
) -> socket.socket:
    """The handshake comes when the socket is held, where it can be hung up."""
    held.append(_first_that_answers(addresses, rules.seconds))
    if secured:
        tls = rules.tls.wrap_socket(held[-1], server_hostname=host, do_handshake_on_connect=False)
        held.append(tls)
        tls.do_handshake()
    return held[-1]


def _first_that_answers(addresses: Sequence[Address], seconds: float) -> socket.socket:
    """Many names have an IPv6 address that cannot be reached from here. Raises OSError."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection(address, seconds / len(addresses))
    return socket.create_connection(addresses[-1], seconds / len(addresses))


def _answer(response: http.client.HTTPResponse) -> Answer | Failed:
    body = response.read(LONGEST_ANSWER + 1)
    if len(body) > LONGEST_ANSWER:
        return Failed(Trouble.BAD_ANSWER)
    if response.length:
        return Failed(Trouble.NO_ANSWER)  # cut off, which http.client lets pass
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
