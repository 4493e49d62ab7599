"""The book of partners: who is in it, what proves it, who is shut out. Every change is in the audit trail."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.credentials import new_secret, secret_hash
from core.errors import HotlineError
from core.ids import uuid7
from core.keys import IntakeKeys
from core.models import Agency, Partner, PartnerCredential
from core.vocabulary import Act, CredentialKind
from ops.partners.given import origin_of
from ops.staff import LONGEST_NAME, NotAName, slug

QUOTA = 600
MOST_LIVE = 2


class NoSuchPartner(HotlineError):
    """There is no partner of that code; `hotline partner list` shows them."""


class CodeTaken(HotlineError):
    """Another partner has that code."""


class NotACode(HotlineError):
    """A code has 1 to 60 characters: a to z, 0 to 9 and hyphens."""


class NothingToSignWith(HotlineError):
    """A partner that must sign needs its public keys here: --jwks FILE."""


class NotAQuota(HotlineError):
    """A quota is a number of reports a minute, 1 or more."""


class TwoAreLive(HotlineError):
    """Two are live already."""


def add_partner(
    session: Session,
    name: str,
    code: str = "",
    origins: Sequence[str] = (),
    jwks: dict[str, object] | None = None,
    must_sign: bool = False,
    quota: int = QUOTA,
) -> Partner:
    """A new partner, without credentials. Raises a HotlineError that says what does not fit."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise NotAName
    if code and code != slug(code):
        raise NotACode
    if quota < 1:
        raise NotAQuota
    if must_sign and not jwks:
        raise NothingToSignWith
    code = _free_code(session, code, name)
    exact = sorted({origin_of(origin) for origin in origins})
    partner = Partner(
        id=uuid7(),
        code=code,
        name=name,
        username=code,
        origins=exact,
        jwks=jwks,
        must_sign=must_sign,
        quota_per_minute=quota,
    )
    session.add(partner)
    session.flush()  # its credentials refer to it
    _audit(session, Act.PARTNER_ADDED, partner)
    return partner


def make_credentials(session: Session, keys: IntakeKeys, partner: Partner) -> dict[CredentialKind, str]:
    """A new password and a new key; those of before stay live. Raises TwoAreLive when there are two of before."""
    for kind in CredentialKind:
        if len(live(session, partner, kind)) >= MOST_LIVE:
            raise TwoAreLive(
                f"{partner.code} has {MOST_LIVE} live credentials of each kind already. When the partner uses the "
                f"newer ones, end the older with `hotline partner revoke {partner.code} older`, then rotate again."
            )
    made = {kind: new_secret(kind) for kind in CredentialKind}
    for kind, secret in made.items():
        hashed = secret_hash(keys.partner, secret)
        session.add(PartnerCredential(partner_id=partner.id, kind=kind, secret_hash=hashed))
    _audit(session, Act.PARTNER_CREDENTIALS_MADE, partner)
    return made


def revoke(session: Session, partner: Partner, which: str) -> int:
    """End the `older` or the `newer` of two live credentials of each kind, or `all`; how many ended.

    A lone credential is both, but is only ended as one of `all`: no partner is shut out by a slip.
    """
    ended = [credential for kind in CredentialKind for credential in _chosen(live(session, partner, kind), which)]
    for credential in ended:
        credential.revoked_at = func.now()
    if ended:
        _audit(session, Act.PARTNER_CREDENTIALS_REVOKED, partner)
    return len(ended)


def set_quarantine(session: Session, partner: Partner, shut: bool) -> None:
    """Shut the doors to a partner, with an answer that says so; or open them again."""
    partner.quarantined_at = func.now() if shut else None
    _audit(session, Act.PARTNER_QUARANTINED if shut else Act.PARTNER_RELEASED, partner)


def change_tab(
    session: Session,
    partner: Partner,
    origins: Sequence[str] = (),
    jwks: dict[str, object] | None = None,
    tells_submitted: bool | None = None,
) -> None:
    """Other origins or keys in place of those of before; what is not given stays. Raises NotAnOrigin."""
    if origins:
        partner.origins = sorted({origin_of(origin) for origin in origins})
    if jwks is not None:
        partner.jwks = jwks
    if tells_submitted is not None:
        partner.tells_submitted = tells_submitted
    _audit(session, Act.PARTNER_TAB_CHANGED, partner)


def find_partner(session: Session, code: str) -> Partner:
    """Locked, so that two commands follow one another. Raises NoSuchPartner."""
    partner = session.scalar(select(Partner).where(Partner.code == code).with_for_update())
    if partner is None:
        raise NoSuchPartner(f"There is no partner {code!r}; `hotline partner list` shows them.")
    return partner


def live(session: Session, partner: Partner, kind: CredentialKind) -> Sequence[PartnerCredential]:
    """Oldest first."""
    of_kind = select(PartnerCredential).where(
        PartnerCredential.partner_id == partner.id,
        PartnerCredential.kind == kind,
        PartnerCredential.revoked_at.is_(None),
    )
    return session.scalars(of_kind.order_by(PartnerCredential.created_at, PartnerCredential.id)).all()


def _chosen(credentials: Sequence[PartnerCredential], which: str) -> Sequence[PartnerCredential]:
    if which == "all":
        return credentials
    if len(credentials) < MOST_LIVE:
        return ()
    return credentials[:1] if which == "older" else credentials[-1:]


def _free_code(session: Session, code: str, name: str) -> str:
    """The code asked for, or one made from the name: `northwind`, or else `northwind-2`, `northwind-3`, ..."""
    wanted = code or slug(name, nameless="partner")
    taken = set(session.scalars(select(Partner.code).where(Partner.code.startswith(wanted, autoescape=True))))
    if code and code in taken:
        raise CodeTaken(f"{code} is taken: a partner's code is its own for ever.")
    free: str = next(name for name in _numbered(wanted) if name not in taken)
    return free


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name[:56]}-{number}"
        number += 1


def _audit(session: Session, act: Act, partner: Partner) -> None:
    home = session.scalars(select(Agency.id).where(Agency.home)).one()
    audit.record(session, home, None, act, partner.id)
