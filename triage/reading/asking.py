"""Asking one DNS resolver for many names at once, over UDP, until a deadline."""

import secrets
import select
import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from core.errors import WrongSetting

Resolver = tuple[str, int]
TYPES = (dns.rdatatype.A, dns.rdatatype.AAAA)
LARGEST = 4096
_PAYLOAD = 1232  # bytes: what crosses any network in one piece
UNKNOWN_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A name's addresses, none when it has none or none was told, and how many seconds that stays true."""

    addresses: Sequence[str]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Question:
    name: str
    query: dns.message.QueryMessage


def resolver_in(setting: str | None) -> Resolver | None:
    """`192.0.2.53`, `192.0.2.53:5353` or `[2001:db8::53]:53`. Raises WrongSetting."""
    if not setting:
        return None
    bracketed, _, port_of_six = setting.removeprefix("[").partition("]")
    host, _, port = (bracketed, "", port_of_six.removeprefix(":")) if setting[0] == "[" else setting.partition(":")
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
        number = int(port or 53)
    except (OSError, ValueError):
        raise WrongSetting("HOTLINE_RESOLVER: expected an address like 192.0.2.53 or 192.0.2.53:5353") from None
    return host, number


def ask(resolver: Resolver, names: Sequence[str], deadline: float) -> Mapping[str, Answer]:
    """What the resolver answers before the deadline, by name; a name without an answer is left out."""
    try:
        with socket.socket(_family(resolver), socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.connect(resolver)
            return _asked(line, names, deadline)
    except OSError:
        return {}


def _asked(line: socket.socket, names: Sequence[str], deadline: float) -> Mapping[str, Answer]:
    open_questions = _send(line, names)
    answers: dict[str, list[Answer]] = {}
    while open_questions and (left := deadline - time.monotonic()) > 0:
        if select.select([line], [], [], left)[0]:
            for question, answer in _received(line, open_questions):
                answers.setdefault(question.name, []).append(answer)
    return {name: _together(parts) for name, parts in answers.items()}


def _send(line: socket.socket, names: Iterable[str]) -> dict[int, _Question]:
    """Two questions for each name, by their random numbers; a name that is none is not asked for."""
    questions: dict[int, _Question] = {}
    for name in names:
        for kind in TYPES:
            try:
                query = dns.message.make_query(name, kind, use_edns=0, payload=_PAYLOAD)
                query.id = _unused(questions)
                line.send(query.to_wire())
            except (dns.exception.DNSException, OSError):
                continue
            questions[query.id] = _Question(name, query)
    return questions


def _received(line: socket.socket, questions: dict[int, _Question]) -> Iterable[tuple[_Question, Answer]]:
    """Every answer that has come, to a question that is open; anything else is dropped."""
    while True:
        try:
            wire = line.recv(LARGEST)
        except OSError:
            return
        try:
            response = dns.message.from_wire(wire, ignore_trailing=True)
        except dns.exception.DNSException:
            continue
        question = questions.get(response.id)
        if question and question.query.is_response(response):
            del questions[response.id]
            yield question, _answer(response)


def _answer(response: dns.message.Message) -> Answer:
    found = [rows for rows in response.answer if rows.rdtype in TYPES]
    addresses = [row.to_text() for rows in found for row in rows]
    has_none = response.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN) and not response.flags & dns.flags.TC
    return Answer(addresses, min((float(rows.ttl) for rows in found), default=UNKNOWN_SECONDS * has_none))


def _together(parts: Sequence[Answer]) -> Answer:
    return Answer([address for part in parts for address in part.addresses], min(part.seconds for part in parts))


def _unused(questions: Mapping[int, _Question]) -> int:
    while (number := secrets.randbelow(1 << 16)) in questions:
        pass
    return number


def _family(resolver: Resolver) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in resolver[0] else socket.AF_INET
