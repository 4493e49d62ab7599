"""The second wall, looked at from inside: row-level security must bind whoever the console is."""

import psycopg

from core.errors import DatabaseTrouble

BINDS_ME = "SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user"
UNFORCED = "SELECT count(*) FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity"


class NoWall(DatabaseTrouble):
    """The console may only work as a role that row-level security binds; HOTLINE_CONSOLE_DATABASE_URL names another."""


def refuse_to_bypass(connection: psycopg.Connection, _: object) -> None:
    """For each new connection. Raises NoWall."""
    with connection.cursor() as cursor:
        bound = cursor.execute(BINDS_ME).fetchone()
        unforced = cursor.execute(UNFORCED).fetchone()
    connection.rollback()
    if bound != (True,) or unforced != (0,):
        raise NoWall
