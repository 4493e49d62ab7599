"""Assembly of the public process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core import broker, log
from core.directory import Directory
from core.keys import IntakeKeys
from core.settings import Settings
from core.web.serving import serve_app
from intake import site
from intake.desk import Desk
from intake.directory import Lookout
from intake.gate import Gate
from intake.letterbox import Letterbox
from intake.mailbox import Mailbox
from intake.partners.cybertipline.routes import routes as cybertipline
from intake.partners.known import Partners
from intake.partners.routes import routes as doors
from intake.ringer import Ringer
from intake.tab.files import TabFiles
from intake.tab.views import Tab


def create_app(settings: Settings) -> Starlette:
    """The public site over a letterbox that rings when it has stored.

    Raises KeysMissing.
    """
    assert settings.intake_database_url and settings.redis_url
    bells = broker.connect(settings.redis_url)
    ringer = Ringer(lambda: broker.ring(bells, broker.Bell.TRIAGE))
    letterbox = Letterbox(settings.intake_database_url, stored=ringer.press)
    mailbox = Mailbox(settings.intake_database_url, settings.receipt_days)
    keys = IntakeKeys.read(settings.keys_dir)
    partners = Partners(settings.intake_database_url, keys.partner)
    directory = Directory.read()
    lookout = Lookout(settings.intake_database_url, directory)
    desk = Desk(settings, keys, directory, letterbox, mailbox, Gate.of(settings, keys.form), partners)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await ringer.open()
        await letterbox.open()
        await lookout.open()
        yield
        await lookout.close()
        await letterbox.close()
        await partners.close()
        await ringer.close()

    health = [Route("/livez", livez), Route("/readyz", readyz)]
    extra = [*health, *TabFiles.read().routes(), *doors(desk), *cybertipline(desk)]
    return site.create_app(desk, extra=extra, lifespan=lifespan, also=[Tab])


async def livez(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """A report could be stored durably now."""
    desk: Desk = request.app.state.desk
    ready = await desk.letterbox.is_durable()
    return PlainTextResponse("ok\n" if ready else "the database does not answer\n", 200 if ready else 503)


def serve(settings: Settings) -> None:
    """Serve the public site until SIGTERM or SIGINT. Raises KeysMissing."""
    log.configure()
    serve_app(create_app(settings), settings.bind, settings.intake_port, settings.proxies)
