"""Where a simulation takes place: a deployment of its own, gone afterwards, or the one that runs here."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from uuid import uuid4

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import connect, transaction
from core.ids import new_reference
from core.keys import IntakeKeys
from core.models import Agency, Partner
from core.receipts import receipt_hash
from core.settings import Settings
from core.vocabulary import AgencyKind, CredentialKind
from intake import tokens
from ops.addresses import child_environ, with_addresses
from ops.agencies import connect_agency, import_agencies
from ops.bench.deployment import Deployment
from ops.partners import book
from ops.simulate.doors import Doors
from ops.simulate.nameserver import a_name_server
from ops.simulate.whereabouts import ANSWERED

UNLIMITED = 10**9


@dataclass(frozen=True)
class Place:
    """`url` is the owner's; `answered` are the countries with an agency here.

    `working` has `workers` of its own work, for as long as it is open; without any, others do.
    """

    url: str
    port: int
    keys: IntakeKeys = field(repr=False)
    doors: Doors
    answered: frozenset[str]
    knows_hosting: bool
    workers: int = 0
    working: Callable[[], AbstractContextManager[object]] = nullcontext

    def hashed(self, receipt: str) -> bytes:
        return receipt_hash(self.keys.receipt, receipt)


@contextmanager
def own(workers: int) -> Iterator[Place]:
    """Everything from nothing. Nobody is refused for sending much: that is another question. Raises NotServing."""
    with Deployment.temporary() as deployment, on(deployment, workers) as place:
        yield place


@contextmanager
def on(deployment: Deployment, workers: int) -> Iterator[Place]:
    """A public site, agencies for most countries, a name server that knows where sites are. Raises NotServing."""
    with ExitStack() as stack:
        resolver = stack.enter_context(a_name_server(child_environ(deployment.settings, "triage")))
        deployment.settings = msgspec.structs.replace(deployment.settings, resolver=resolver)
        port = stack.enter_context(deployment.site())

        @contextmanager
        def working() -> Iterator[None]:
            with ExitStack() as hired:
                for _ in range(workers):
                    hired.enter_context(deployment.worker())
                yield

        with _place(deployment.settings, port, knows_hosting=True, connecting=ANSWERED) as place:
            yield replace(place, workers=workers, working=working)


@contextmanager
def here(settings: Settings) -> Iterator[Place]:
    """What runs here, with its agencies and limits, and its own workers. Raises NothingRunning."""
    addressed = with_addresses(settings)
    with _place(addressed, addressed.intake_port, knows_hosting=False) as place:
        yield place


@contextmanager
def _place(
    settings: Settings,
    port: int,
    knows_hosting: bool,
    connecting: tuple[str, ...] = (),
) -> Iterator[Place]:
    """With a partner of the simulation's own, whose credentials end with it."""
    assert settings.database_url
    keys, engine = IntakeKeys.read(settings.keys_dir), connect(settings.database_url, pool=1)
    with transaction(engine) as session:
        for country in connecting:
            _connect(session, settings, country)
        of_connected = session.scalars(select(Agency.country).where(Agency.public_key.is_not(None)))
        answered = frozenset(country for country in of_connected if country)
        partner = book.add_partner(session, f"Simulation {new_reference()}", quota=UNLIMITED)
        doors = _doors(session, keys, partner)
    try:
        yield Place(settings.database_url, port, keys, doors, answered, knows_hosting)
    finally:
        with transaction(engine) as session:
            book.revoke(session, book.find_partner(session, doors.username), "all")
        engine.dispose()


def _connect(session: Session, settings: Settings, country: str) -> None:
    code = f"simulated-{country.lower()}"
    row = {"code": code, "name": f"Simulated hotline for {country}", "kind": AgencyKind.HOTLINE, "country": country}
    import_agencies(session, [{**row, "source": "invented for a simulation"}])
    connect_agency(session, settings.keys_dir, code)


def _doors(session: Session, keys: IntakeKeys, partner: Partner) -> Doors:
    made = book.make_credentials(session, keys, partner)
    return Doors(
        new_token=lambda: tokens.issue(keys.form, time.time_ns() // 1_000_000),
        api_key=made[CredentialKind.API_KEY],
        username=partner.username,
        password=made[CredentialKind.PASSWORD],
        run=uuid4(),
    )
