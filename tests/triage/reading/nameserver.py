"""A real DNS server on loopback, with the answers, the silence or the rubbish that a test wants."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import iptocc
from dnslib import AAAA, QTYPE, RCODE, RR, A, DNSRecord

from triage.reading.asking import Resolver


@dataclass
class Nameserver:
    """`zone` is addresses by name, `asked` every name it was asked for.

    Its bad days: `silent`, `rubbish`; `late` by seconds; `rcode` is all it says; `truncated`, and nothing is left of
    what it has; `lie` is an address that it gives to other questions before it answers the one it was asked.
    """

    zone: Mapping[str, Sequence[str]]
    silent: bool = False
    rubbish: bytes = b""
    late: float = 0.0
    rcode: int = RCODE.NOERROR
    truncated: bool = False
    lie: str = ""
    seconds: int = 300
    asked: list[str] = field(default_factory=list)
    resolver: Resolver = ("127.0.0.1", 0)

    def turn(self, **how: object) -> None:
        """From now on so, and in all else well."""
        well = Nameserver({})
        for name in ("silent", "rubbish", "late", "rcode", "truncated", "lie"):
            setattr(self, name, how.get(name, getattr(well, name)))

    def answers(self, wire: bytes) -> Sequence[bytes]:
        query = DNSRecord.parse(wire)
        self.asked.append(str(query.q.qname).rstrip("."))
        if self.silent:
            return []
        if self.rubbish:
            return [self.rubbish]
        if not self.lie:
            return [self._truth(query)]
        other_number, other_name = query.reply(), DNSRecord.question("other.example", QTYPE[query.q.qtype]).reply()
        other_number.header.id = (query.header.id + 1) % 65_536
        other_name.header.id = query.header.id
        for reply in (other_number, other_name):
            reply.add_answer(RR(reply.q.qname, QTYPE.A, rdata=A(self.lie), ttl=self.seconds))
        return [bytes(other_number.pack()), bytes(other_name.pack()), self._truth(query)]

    def _truth(self, query: DNSRecord) -> bytes:
        name, kind = str(query.q.qname).rstrip("."), QTYPE[query.q.qtype]
        reply = query.reply()
        reply.header.rcode, reply.header.tc = self.rcode, int(self.truncated)
        if self.rcode == RCODE.NOERROR and not self.truncated:
            for address in self.zone.get(name, ()):
                if (":" in address) == (kind == "AAAA"):
                    data = AAAA(address) if ":" in address else A(address)
                    reply.add_answer(RR(name, query.q.qtype, rdata=data, ttl=self.seconds))
            if name not in self.zone:
                reply.header.rcode = RCODE.NXDOMAIN
        return bytes(reply.pack())


@contextmanager
def a_nameserver(zone: Mapping[str, Sequence[str]], **how: object) -> Iterator[Nameserver]:
    """Serving on a free port until the block ends."""
    server, ended = Nameserver(zone, **how), threading.Event()  # type: ignore[arg-type]  # by name, as a test says
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(0.05)
        server.resolver = line.getsockname()
        thread = threading.Thread(target=_serve, args=(server, line, ended))
        thread.start()
        try:
            yield server
        finally:
            ended.set()
            thread.join()


def an_address_in(country: str) -> str:
    """One that the registries gave to this country: no address is written into the project."""
    every = (f"{first}.{second}.0.1" for first in range(1, 224) for second in range(0, 256, 8))
    return next(address for address in every if iptocc.country_code(address) == country)


def _serve(server: Nameserver, line: socket.socket, ended: threading.Event) -> None:
    due: list[tuple[float, bytes, tuple[str, int]]] = []
    while not ended.is_set():
        with suppress(TimeoutError):
            wire, sender = line.recvfrom(4096)
            due += [(time.monotonic() + server.late, answer, sender) for answer in server.answers(wire)]
        ready = [one for one in due if one[0] <= time.monotonic()]
        for one in ready:
            due.remove(one)
            line.sendto(*one[1:])
