"""Where a site is hosted: its name is asked of one resolver, its addresses' countries are known here.

A resolver that is dead or slow costs a batch of reports one short wait, then it is left alone for a while. No other
request is made to anybody, and an address that is private or reserved is no answer.
"""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import islice

from triage.reading.asking import Answer, Resolver, ask
from triage.reading.countries import country_of_address

MOST_NAMES = 300  # in one batch
MOST_KNOWN = 20_000
SHORTEST, LONGEST = 60.0, 3600.0  # seconds an answer is kept, whatever it says itself
REST = 30.0
NEVER_ASKED = ("onion", "i2p", "invalid", "localhost", "local", "internal", "eth", "bit")
"""Names of other systems, and those no resolver should hear of (RFC 6761, RFC 7686)."""


@dataclass
class Hosting:
    """The countries of hosts, as far as `resolver` tells within `budget` seconds; with no resolver nobody is asked."""

    resolver: Resolver | None
    budget: float
    _known: dict[str, tuple[float, Sequence[str]]] = field(default_factory=dict, repr=False)
    _resting_until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def countries(self, hosts: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Countries by host; those of which nothing is known are left out. Never raises, never takes longer."""
        now = time.monotonic()
        names = list(islice(dict.fromkeys(host for host in hosts if is_asked(host)), MOST_NAMES))
        with self._lock:
            known = {name: self._known[name] for name in names if name in self._known}
        fresh = {name: places for name, (until, places) in known.items() if until > now}
        self._ask([name for name in names if name not in fresh], fresh)
        return {name: places for name, places in fresh.items() if places}

    def _ask(self, names: Sequence[str], into: dict[str, Sequence[str]]) -> None:
        now = time.monotonic()
        if not names or self.resolver is None or now < self._resting_until:
            return
        answers = ask(self.resolver, names, now + self.budget)
        if not answers:
            self._resting_until = time.monotonic() + REST
        for name, answer in answers.items():
            into[name] = places_of(answer)
            self._keep(name, answer, into[name])

    def _keep(self, name: str, answer: Answer, places: Sequence[str]) -> None:
        with self._lock:
            while len(self._known) >= MOST_KNOWN:
                del self._known[next(iter(self._known))]
            until = time.monotonic() + min(max(answer.seconds, SHORTEST), LONGEST)
            self._known[name] = (until, places)


def is_asked(host: str) -> bool:
    """Whether a resolver may be asked for it: a name of the public DNS, and no address."""
    return "." in host and ":" not in host and host.rpartition(".")[2] not in NEVER_ASKED and not host[-1].isdigit()


def places_of(answer: Answer) -> Sequence[str]:
    """The countries of its public addresses, once each."""
    public = [address for address in answer.addresses if ip_address(address).is_global]
    return [country for country in dict.fromkeys(map(country_of_address, public)) if country]
