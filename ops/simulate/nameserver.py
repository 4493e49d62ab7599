"""A name server of the simulation's own: `garden.at-it.example` stands in Italy.

`python -m ops.simulate.nameserver PORT` serves it. Its addresses are whatever the registries' lists say is
in that country. Nobody ever connects to one.
"""

import re
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset
import iptocc

from ops.bench.deployment import NotServing, running
from ops.embedded.ports import free_port

COUNTRY = re.compile(r"\.at-([a-z]{2})\.example\.$")
SECONDS = 600
TRIES = 100


@contextmanager
def a_name_server(environ: dict[str, str]) -> Iterator[str]:
    """Its address, as a setting says it; once it answers. Raises NotServing."""
    port = free_port()
    with running((sys.executable, "-m", "ops.simulate.nameserver", str(port)), environ):
        _wait_until_it_answers(port)
        yield f"127.0.0.1:{port}"


def answer(wire: bytes) -> bytes:
    """A reply to one question; names that say no country do not exist."""
    query = dns.message.from_wire(wire)
    reply = dns.message.make_response(query)
    question = query.question[0]
    stands = COUNTRY.search(question.name.to_text().lower())
    if stands is None:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    elif question.rdtype == dns.rdatatype.A:
        reply.answer.append(dns.rrset.from_text(question.name, SECONDS, "IN", "A", address_in(stands[1].upper())))
    return reply.to_wire()


@cache
def address_in(country: str) -> str:
    """One that was given to this country: no real address is written into the project."""
    every = (f"{first}.{second}.0.1" for first in range(1, 224) for second in range(0, 256, 8))
    return next(address for address in every if iptocc.country_code(address) == country)


def serve(port: int) -> None:
    """Answer until the process is ended."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", port))
        while True:
            wire, sender = line.recvfrom(4096)
            try:
                line.sendto(answer(wire), sender)
            except (dns.exception.DNSException, StopIteration):
                continue  # rubbish, or a country without addresses, has no answer


def _wait_until_it_answers(port: int) -> None:
    question = dns.message.make_query("up.at-it.example", "A")
    for _ in range(TRIES):
        try:
            dns.query.udp(question, "127.0.0.1", timeout=0.5, port=port)
        except (dns.exception.DNSException, OSError):
            time.sleep(0.1)
        else:
            return
    raise NotServing


if __name__ == "__main__":
    serve(int(sys.argv[1]))
