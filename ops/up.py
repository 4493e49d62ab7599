"""Everything on one machine: servers, migrations, the three processes; watched until told to stop."""

import http.client
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module

import msgspec

from core.errors import HotlineError, WrongSetting
from core.settings import Settings
from ops.addresses import Addresses, child_environ, only_one, stranger_environ, were_left
from ops.embedded.ports import is_free
from ops.embedded.servers import PATIENCE, EmbeddedServers
from ops.processes.child import Child, stop_all, wait_for
from ops.processes.supervise import supervise

PORTS = ("intake_port", "console_port")
LET_GO = 15.0  # seconds: what a killed run leaves finishes its requests first
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # an address to ask, not to bind


class PortTaken(HotlineError):
    """Another program listens there."""


def up(
    settings: Settings,
    *,
    demo: bool,
    prepare: Callable[[Settings, bool], list[str]] | None = None,
    plan: Callable[[Settings], list[Child]] | None = None,
) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP, then end everything in order.

    `prepare` makes the database ready and returns lines to print; `plan` says what to run. Both get the
    settings with both URLs. Raises AlreadyRunning, PortTaken, WrongSetting, DoesNotStart, before anything serves.
    """
    ports = (*PORTS, "demo_port") if demo else PORTS
    with only_one(settings.var_dir), _told_to_end():
        refuse_taken_ports(settings, LET_GO if were_left(settings.var_dir) else 0, ports)
        say("Starting the servers.")
        servers = EmbeddedServers.wanted_by(settings)
        children: list[Child] = []
        try:
            _start(servers)
            addressed = _publish(settings, servers)
            lines = (prepare or _migrate_and_fill)(addressed, demo)
            children += (plan or processes)(addressed)
            if demo:
                children.append(messenger(addressed))
            _serve(servers.children, children)
            say(*_addresses(settings, demo), *lines, "Ctrl-C stops everything; the data stays.")
            supervise([*servers.children, *children], say)
        finally:
            _end(settings, servers, children)


def processes(settings: Settings) -> list[Child]:
    """The public site, the console and the workers, as children that know only what they must."""
    workers = [f"worker-{number}" for number in range(1, settings.workers + 1)]
    return [process(settings, name) for name in ("intake", "console", *workers)]


def process(settings: Settings, name: str) -> Child:
    """One of them: `intake`, `console` or `worker-N`."""
    role, port = {"intake": ("intake", settings.intake_port), "console": ("console", settings.console_port)}.get(
        name, ("triage", None)
    )
    return Child(
        name=name,
        command=[sys.executable, "-m", "ops.cli", name.partition("-")[0]],
        log=settings.var_dir / "log" / f"{name}.log",
        environ=child_environ(settings, role),
        answers=(lambda: _is_ready(settings, port)) if port else (lambda: True),
    )


def messenger(settings: Settings) -> Child:
    """The demo messenger: an operator's own server, which knows nothing of the hotline but its address."""
    return Child(
        name="messenger",
        command=[sys.executable, "-m", "ops.cli", "messenger"],
        log=settings.var_dir / "log" / "messenger.log",
        environ=stranger_environ(settings),
        answers=lambda: _is_ready(settings, settings.demo_port),
    )


def refuse_taken_ports(settings: Settings, patience: float = 0, names: Sequence[str] = PORTS) -> None:
    """Raises PortTaken, naming the setting, or WrongSetting for an address that is not this machine's."""
    ports = [getattr(settings, name) for name in names]
    if len(set(ports)) < len(ports):
        raise WrongSetting(f"{' and '.join(f'HOTLINE_{name.upper()}' for name in names)} must differ.")
    last = time.monotonic() + patience
    for name, port in zip(names, ports, strict=True):
        while not _is_free(settings.bind, port):
            if time.monotonic() >= last:
                raise PortTaken(f"Port {port} is in use: end the other program, or set HOTLINE_{name.upper()}.")
            time.sleep(0.2)


def say(*lines: str) -> None:
    """Tell the terminal, if it is still there."""
    with suppress(OSError):
        for line in lines:
            print(line, flush=True)


def _is_free(bind: str, port: int) -> bool:
    try:
        return is_free(bind, port)
    except OSError as error:
        raise WrongSetting(f"HOTLINE_BIND: {bind} cannot be used ({error.strerror}).") from None


def _start(servers: EmbeddedServers) -> None:
    for child in servers.children:
        child.start()
    import_module("ops.migrate")  # needed next, and slow: better while the servers start
    wait_for(servers.children, patience=PATIENCE)


def _publish(settings: Settings, servers: EmbeddedServers) -> Settings:
    """Write where the servers are, for commands run beside us."""
    addresses = Addresses(
        database_url=settings.database_url or servers.database_url,
        redis_url=settings.redis_url or servers.redis_url,
    )
    addresses.write(settings.var_dir)
    return msgspec.structs.replace(settings, database_url=addresses.database_url, redis_url=addresses.redis_url)


def _migrate_and_fill(settings: Settings, demo: bool) -> list[str]:
    from ops.migrate import migrate

    say("Preparing the database.")
    migrate(settings)
    if not demo:
        return []
    from ops.demo import fill

    return list(fill(settings))


def _is_ready(settings: Settings, port: int) -> bool:
    line = http.client.HTTPConnection(ANYWHERE.get(settings.bind, settings.bind), port, timeout=5)
    try:
        line.request("GET", "/readyz", headers={"Host": settings.hosts.split(",")[0].strip()})
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _serve(servers: Sequence[Child], children: Sequence[Child]) -> None:
    say("Starting the site, the console and the worker.")
    for child in children:
        child.start()
    wait_for([*servers, *children], patience=PATIENCE)


def _addresses(settings: Settings, demo: bool) -> list[str]:
    host = ANYWHERE.get(settings.bind, settings.bind)
    host = f"[{host}]" if ":" in host else host
    lines = [
        f"Public site  http://{host}:{settings.intake_port}/",
        f"Console      http://{host}:{settings.console_port}/",
    ]
    return (
        [*lines, f"Messenger    http://{host}:{settings.demo_port}/  (a demo, with the tab in it)"] if demo else lines
    )


@contextmanager
def _told_to_end() -> Iterator[None]:
    """A signal ends the block quietly, at whatever point it is."""
    for number in ENDING:
        signal.signal(number, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        yield


def _end(settings: Settings, servers: EmbeddedServers, children: Sequence[Child]) -> None:
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)  # impatience would leave children behind
    say("Stopping.")
    stop_all(children)
    servers.stop()
    Addresses.remove(settings.var_dir)
