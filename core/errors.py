"""One tree of errors; a docstring is the message unless one is given."""


class HotlineError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class WrongSetting(HotlineError):
    """A setting has a value that cannot be used."""


class KeysMissing(HotlineError):
    """The key files are not there; `hotline migrate` makes them."""


class CannotOpen(HotlineError):
    """The sealed value does not open with this key in this place."""


class CannotStore(HotlineError):
    """The database did not take the report; nothing was acknowledged."""


class DatabaseTrouble(HotlineError):
    """The database refused: an SQLSTATE and a constraint, never a value."""


class DatabaseDown(DatabaseTrouble):
    """The database does not answer."""


class WrongWay(HotlineError):
    """What was said about how an agency receives cannot be used."""


class ForgedToken(HotlineError):
    """The form token was not made here."""


class ExpiredToken(HotlineError):
    """The form token is older than this deployment allows."""
