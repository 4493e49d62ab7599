"""A real DNS server on loopback, with the answers, the silence or the rubbish that a test wants."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import iptocc
from dnslib import AAAA, QTYPE, RCODE, RR, A, DNSRecord

from triage.reading.asking import Resolver


@dataclass
class Nameserver:
    """`zone` is addresses by name. `asked` is every name it was asked for; `silent` and `rubbish` are its bad days."""

    zone: Mapping[str, Sequence[str]]
    silent: bool = False
    rubbish: bytes = b""
    seconds: int = 300
    asked: list[str] = field(default_factory=list)
    resolver: Resolver = ("127.0.0.1", 0)

    def answer(self, wire: bytes) -> bytes:
        query = DNSRecord.parse(wire)
        name, kind = str(query.q.qname).rstrip("."), QTYPE[query.q.qtype]
        self.asked.append(name)
        reply = query.reply()
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
    while not ended.is_set():
        try:
            wire, sender = line.recvfrom(4096)
        except TimeoutError:
            continue
        reply = server.answer(wire)
        if not server.silent:
            line.sendto(server.rubbish or reply, sender)
