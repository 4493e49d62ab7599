"""A world from nothing: other sides behind lines, a machine that knows the way to them, and a case that is filed."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from urllib.parse import urlsplit

from sqlalchemy import Engine

from core import broker
from core.db import connect
from core.settings import Settings
from core.vocabulary import By
from tests.factories import a_partner
from tests.faults.background import Background
from tests.faults.ground import Ground
from tests.faults.machine import Changes, Machine
from tests.faults.outbound.sides import FINISHED, TAKEN_BY_HOOK, TAKEN_BY_MAIL, Calls, Hook, Mail, Side, Tipline
from tests.faults.outbound.world import World
from tests.faults.proxy import Proxy
from tests.triage.analyst import hire
from tests.triage.outbound.post_office import an_office
from tests.triage.outbound.receivers import receiving
from tests.triage.outbound.sending import an_agency_that_receives

HERE = "127.0.0.1"


@contextmanager
def a_world(ground: Ground, workers: int, changes: Changes, seconds: int, with_house: bool) -> Iterator[World]:
    """An answer is waited for so many `seconds`; `with_house` another hotline is one of the sides."""
    with ExitStack() as stack:
        background, office = stack.enter_context(Background()), stack.enter_context(an_office())
        calls = stack.enter_context(receiving(Calls()))
        mail = Proxy("mail", office.port, TAKEN_BY_MAIL)
        hook = Proxy("hook", urlsplit(calls.address).port or 0, TAKEN_BY_HOOK)
        ports = [stack.enter_context(_opened(background, line)) for line in (mail, hook)]
        machine = stack.enter_context(ground.machine(Random(0), workers, changes, **_settings(ports[0], seconds)))
        owner, settings = stack.enter_context(ground.owner()), machine.settings
        url = f"http://{HERE}:{ports[1]}/hook"
        sides: dict[By, Side] = {
            By.EMAIL: Mail(
                an_agency_that_receives(settings, owner, "email", code="example-mail", to="desk@agency.example"),
                office,
                mail,
            ),
            By.WEBHOOK: Hook(
                an_agency_that_receives(settings, owner, "webhook", code="example-hook", url=url), calls, hook
            ),
        }
        house = stack.enter_context(ground.neighbour.machine(Random(1), 0, {})) if with_house else None
        if house:
            with ground.neighbour.owner() as theirs:
                sides[By.CYBERTIPLINE] = _tipline(settings, owner, house, theirs)
        console = connect(settings.console_database_url or "", pool=1)
        stack.callback(console.dispose)
        bells = broker.connect(settings.redis_url or "")
        stack.callback(bells.client.close)
        machine.background.wait_for(machine.public.report())
        machine.supervise(30, until=machine.watch.is_quiet)
        yield World(
            machine=machine,
            sides=sides,
            house=house,
            room=office.room,
            calls=calls,
            owner=owner,
            console=console,
            staff=hire(owner, settings),
            bells=bells,
            seconds=seconds,
        )


def _settings(post: int, seconds: int) -> dict[str, object]:
    return {
        "lease_seconds": 1,
        "sweep_seconds": 1,
        "smtp_host": HERE,
        "smtp_port": post,
        "smtp_tls": "none",
        "smtp_from": "desk@hotline.example",
        "answer_seconds": seconds,
        "private_addresses": True,
    }


def _tipline(settings: Settings, owner: Engine, house: Machine, theirs: Engine) -> Tipline:
    """We are a partner there, and it is an agency here."""
    house.front.mark = FINISHED
    partner = a_partner(house.settings, theirs, "Hotline")
    url = f"http://{HERE}:{house.public.front}/ispws"
    desk = an_agency_that_receives(
        settings, owner, "cybertipline", partner.password, code="example-tipline", url=url, user=partner.code
    )
    return Tipline(desk.agency, house)


@contextmanager
def _opened(background: Background, line: Proxy) -> Iterator[int]:
    """Its port."""
    yield background.wait_for(line.open())
    background.wait_for(line.close())
