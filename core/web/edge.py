"""The edge every process puts around its routes."""

from starlette.middleware import Middleware

from core.settings import Settings
from core.web.errors import ErrorPages, LastResort
from core.web.headers import Policy, SecureHeaders
from core.web.hosts import KnownHost
from core.web.templates import Pages


def the_edge(settings: Settings, pages: Pages, policy: Policy) -> list[Middleware]:
    """What Starlette takes as `middleware`: headers on every answer, known hosts only, no error text outside."""
    return [
        Middleware(SecureHeaders, policy, settings.https),
        Middleware(KnownHost, settings.host_names),
        Middleware(LastResort, ErrorPages(pages)),
    ]
