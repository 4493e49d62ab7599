"""One fault each, as short as it can be while its mutant cannot live through it."""

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from functools import partial

from dnslib import RCODE

from tests.faults.history import POISON, Operation
from tests.faults.machine import Machine
from tests.faults.mutants import points
from tests.faults.scenario import Names
from tests.faults.strikes import stopped
from tests.triage.reading.nameserver import an_address_in

MOODS: Mapping[str, Mapping[str, object]] = {
    "dead": {"silent": True},
    "late": {"late": 1.5},
    "broken": {"rcode": RCODE.SERVFAIL},
    "short": {"truncated": True},
    "lying": {"lie": an_address_in("JP")},
    "babbling": {"rubbish": b"x" * 40},
}


def lost_bells(machine: Machine) -> None:
    """Nobody hears the bells, and then they are gone: Valkey keeps nothing on disk."""
    go_on = stopped([worker.pid for worker in machine.workers])
    _post(machine, 5)
    time.sleep(0.5)  # intake rings beside its answers
    machine.servers.kill_valkey()
    machine.servers.restart_valkey()
    go_on()


def no_bells(machine: Machine) -> None:
    """Valkey dies and for a long time nobody starts it again."""
    machine.servers.kill_valkey()
    _post(machine, 5)
    machine.supervise(machine.patience + 1, until=machine.watch.is_quiet)


def no_database(machine: Machine) -> None:
    """PostgreSQL dies while people press the button."""
    _post(machine, 1)
    machine.servers.kill_postgres()
    _post(machine, 5)
    machine.servers.restart_postgres()


def lost_answers(machine: Machine) -> None:
    """Stored, and nobody is told: the database's answer is lost twice, for intake asks again; then intake's."""
    machine.store_line.to_cut = 2
    _post(machine, 1)
    machine.front.to_cut = 1
    _post(machine, 1)


def nobody_knows_the_app(machine: Machine) -> None:
    """Sent from an app and stored, the answer is lost; sent again when nobody can look whose app it is."""
    machine.public.places = [place for place in machine.public.places if "partner" in place]
    machine.front.to_cut = 1
    [form] = _post(machine, 1)
    machine.intake.kill()
    machine.revive()  # it remembers no app
    machine.store_line.to_refuse = 2
    machine.background.wait_for(machine.public.send(form))
    if machine.store_line.to_refuse:
        machine.missed.append("nobody looked whose app it is")


def a_late_end(machine: Machine) -> None:
    """PostgreSQL ends its connections: what it says arrives at once, the end of the line a second later."""
    _post(machine, 1)
    machine.store_line.linger = 1
    for backend in machine.backends():
        os.kill(backend, signal.SIGTERM)
    time.sleep(0.2)
    _post(machine, 3)


def a_report_that_kills(machine: Machine) -> None:
    """One report ends every worker that opens it, and ten others are in hand with it."""
    go_on = stopped([worker.pid for worker in machine.workers])
    _post(machine, 5)
    _post(machine, 1, POISON)
    _post(machine, 5)
    go_on()


def a_slow_commit(machine: Machine) -> None:
    """The way to the database is slow; a bell in time is all there is, for the sweep comes once an hour."""
    _post(machine, 1)
    time.sleep(1)  # the line is open and the bell was heard: the next one is for the next report
    machine.store_line.delay = 1.2
    _post(machine, 1)


def a_line_added(machine: Machine) -> None:
    """Somebody adds a line while the first report is being filed, and another worker takes the second."""
    machine.servers.kill_valkey()  # then each worker's sweep drains for itself
    first = _post(machine, 1)[0]
    machine.supervise(machine.patience, until=machine.watch.is_taken)
    machine.background.wait_for(machine.public.add_a_line(first))
    machine.supervise(machine.patience, until=machine.watch.is_quiet)


def a_silent_line(machine: Machine) -> None:
    """The database's host loses its power: nothing comes back, and no line ends. Another one takes its address."""
    _post(machine, 1)
    machine.supervise(machine.patience, until=machine.watch.is_quiet)
    for _ in range(2):  # the thread that hears bells, then the one that sweeps
        machine.background.wait_for(machine.triage_line.silence())
        _post(machine, 3)


def a_death_at_each_point(machine: Machine) -> None:
    """From the committed attempt to the committed case: wherever a worker dies, another one goes on."""
    for point in points.TRIAGE:
        machine.arm(point)
        _post(machine, 3)
        machine.supervise(machine.patience, until=partial(machine.has_hit, point))
        machine.supervise(machine.patience, until=machine.watch.is_quiet)
        machine.disarm(point)
        machine.revive()


def bad_names(names: Names) -> None:
    """The resolver is dead, late, broken, short of words or a liar; each time other names are in what is reported."""
    machine = names.machine
    for mood, how in MOODS.items():
        names.server.turn(**how)
        _post(machine, 3, link=f"https://{mood}.example")
        machine.supervise(machine.patience, until=machine.watch.is_quiet)
        if not machine.watch.is_quiet():
            return
        if f"{mood}.example" not in names.server.asked:
            machine.missed.append(mood)


def _post(machine: Machine, count: int, country: str = "", link: str | None = None) -> list[Operation]:
    """So many forms at once, each sent once."""

    async def all_at_once() -> list[Operation]:
        return await asyncio.gather(*(machine.public.report(country, link) for _ in range(count)))

    return machine.background.wait_for(all_at_once())
