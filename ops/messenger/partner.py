"""The demo messenger as one of the hotline's partners, as `hotline partner add` would make it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Partner
from core.settings import Settings
from ops.messenger.signing import public_keys, signing_key
from ops.partners.book import add_partner

CODE = "demo-messenger"
KEY = "messenger.key"
HERE = ("127.0.0.1", "localhost")


def let_in(session: Session, settings: Settings) -> None:
    """Once; after that its origins and its key are what they are now."""
    origins = sorted(f"http://{host}:{settings.demo_port}" for host in HERE)
    jwks = public_keys(signing_key(settings.var_dir / KEY))
    partner = session.scalar(select(Partner).where(Partner.code == CODE))
    if partner is None:
        add_partner(session, "Demo messenger", CODE, origins, jwks)
    else:
        partner.origins, partner.jwks = origins, jwks
