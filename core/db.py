"""The database as the staff side sees it: model base, engine, one transaction per edge."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.types.array import ListBinaryDumper
from sqlalchemy import Connection, DateTime, Engine, Enum, MetaData, create_engine, event, text
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import LargeBinary

from core.errors import DatabaseDown, DatabaseTrouble
from core.ids import uuid7

T = TypeVar("T")
GONE = ("08", "57P")  # connection exceptions, and a server that is ending or starting
CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[UUID, mapped_column(primary_key=True, default=uuid7)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Sealed = Annotated[bytes, mapped_column(LargeBinary)]


def word(kind: type[StrEnum], length: int) -> Enum:
    """The column type of a vocabulary word: stored as its value, read as its member."""
    return Enum(kind, native_enum=False, length=length, values_callable=lambda words: [word.value for word in words])


class Model(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=CONVENTION)


LIMITS = "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=15s"
SILENCE = 35.0  # seconds; a statement's own limit ends it before
BY_INDEX_ONLY = " -c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off"


def connect(url: str, pool: int = 5, by_index_only: bool = False) -> Engine:
    """An engine that never puts values into errors, waits briefly for a connection and no longer.

    `url` is `postgresql://role:password@host:port/database`. `pool` is the number of connections kept.
    `by_index_only` is for work on a queue: it grows from nothing to a backlog between two ANALYZEs,
    and a plan made for the empty table would read all of it for every batch.
    """
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=pool,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 3,
            "options": LIMITS + BY_INDEX_ONLY * by_index_only,
        },
    )
    event.listen(engine, "do_connect", lambda _, __, where, how: Line.connect(*where, **how))
    event.listen(engine, "connect", _binary_arrays)
    event.listen(engine, "handle_error", _without_values, retval=True)
    return engine


class Line(psycopg.Connection):
    """A connection that waits for an answer as long as a statement may take, and no longer.

    When the database's host loses its power no line ends, it is only silent: a worker would wait for hours.
    """

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        try:
            return super().wait(gen, interval, timeout or SILENCE)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # nothing more is to be had from it
            raise


@contextmanager
def transaction(engine: Engine, agency: UUID | None = None) -> Iterator[Session]:
    """One transaction; with an agency, row-level security shows that agency's rows and no others.

    Raises DatabaseTrouble, which names an SQLSTATE and a constraint and never a value.
    """
    with _without_cause(), Session(engine, expire_on_commit=False) as session, session.begin():
        if agency is not None:
            session.execute(text("SELECT set_config('hotline.agency', :agency, true)"), {"agency": str(agency)})
        yield session


@contextmanager
def one_statement(engine: Engine) -> Iterator[Connection]:
    """For work that is one statement: the server commits it as it ends, two round trips sooner.

    Raises DatabaseTrouble.
    """
    with _without_cause(), engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def _without_cause() -> Iterator[None]:
    """The driver's error is the cause of our own, with the row in it."""
    try:
        yield
    except DatabaseTrouble as trouble:
        raise type(trouble)(str(trouble)) from None


def _binary_arrays(connection: psycopg.Connection, _: object) -> None:
    """A batch is sent as arrays; keys written out as text would cost more than the rest of it."""
    connection.adapters.register_dumper(list, ListBinaryDumper)


def _without_values(context: ExceptionContext) -> BaseException | None:
    """PostgreSQL's DETAIL line repeats the row, so the original error goes no further."""
    error = context.original_exception
    if not isinstance(error, psycopg.Error):
        return None
    lost = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
    if lost and (error.sqlstate is None or error.sqlstate.startswith(GONE)):
        return DatabaseDown()
    named = (error.sqlstate or type(error).__name__, error.diag.constraint_name)
    return DatabaseTrouble(" ".join(filter(None, named)))


def is_durable(connection: Connection) -> bool:
    """Whether a commit here survives a crash: fsync, synchronous_commit and full_page_writes are on."""
    shown: list[str] = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in DURABLE]
    return all(value != "off" for value in shown)


DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
