"""`hotline provider`, as an operator types it."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from uuid import UUID

import pyrage
import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.errors import WrongWay
from core.settings import Settings
from core.vocabulary import Act, By
from ops.agencies import find_agency
from ops.providers import KnownAlready, add, change, retire
from ops.receiving import spellings
from tests.ops.test_receiving import hotline
from tests.triage.analyst import acts
from triage.referrals.ways import AnyWay, way_of
from triage.takedowns.providers import known_providers

KEY = str(pyrage.x25519.Identity.generate().to_public())


def test_providers_are_added_listed_changed_and_retired_and_all_of_it_is_audited(
    settings: Settings, owner: Engine
) -> None:
    given = ("--by", "plain", "--to", "abuse@host.example", "--site", "Pages.Host.Example", "--json")
    added = hotline(settings, "provider", "add", "Example  Hosting", *given)
    assert added.returncode == 0, added.stderr
    [one] = json.loads(hotline(settings, "provider", "list", "--json").stdout)
    assert one == json.loads(added.stdout)
    assert (one["name"], one["by"], one["sites"]) == ("Example Hosting", "plain", ["pages.host.example"])
    with transaction(owner) as session:
        change(session, UUID(one["id"]), "email", {"to": "a@host.example", "key": KEY})
    with owner.connect() as connection:
        way = {"by": "email", "to": "a@host.example", "key": KEY}
        assert connection.scalar(text("SELECT way FROM providers")) == way
    with transaction(owner) as session:
        home = find_agency(session, None).id
        assert len(known_providers(session, home)) == 1
        retire(session, UUID(one["id"]))
        assert list(known_providers(session, home)) == []
    for act in (Act.PROVIDER_ADDED, Act.PROVIDER_CHANGED, Act.PROVIDER_RETIRED):
        assert len(acts(owner, act)) == 1


WRONG: Sequence[tuple[str, dict[str, str], Sequence[str], str]] = (
    ("email", {"to": "abuse@host.example"}, (), "--by email needs --to and --key"),
    ("plain", {"to": "abuse"}, (), "looks like desk@agency.example"),
    ("plain", {"to": "a@host.example", "key": KEY}, (), "--key does not go with --by plain"),
    ("plain", {"to": "a@host.example"}, ("nowhere",), "A site is a domain"),
    ("webhook", {"url": "http://host.example/", "key": KEY}, (), "must be https"),
)


def test_what_cannot_be_used_is_refused_in_one_line_and_one_contact_is_one_provider(owner: Engine) -> None:
    """Links are grouped by it."""
    for by, given, sites, complaint in WRONG:
        with pytest.raises(WrongWay, match=complaint), transaction(owner) as session:
            add(session, "Example", by, given, sites)
    for expected in (nullcontext(), pytest.raises(KnownAlready)):
        with expected, transaction(owner) as session:
            add(session, "Example", "plain", {"to": "abuse@host.example"})


def test_an_agency_never_receives_plainly() -> None:
    assert By.PLAIN not in spellings(AnyWay)
    with pytest.raises(WrongWay):
        way_of({"by": "plain", "to": "desk@agency.example"})
