"""The real worker process: an alarm is out within five seconds, and nobody who hangs delays it or a report."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from core.db import connect
from core.keys import CourierKeys
from core.settings import Settings
from core.vocabulary import Danger, DeliveryState
from ops.staff import NewStaff
from tests.factories import a_filed_report, a_sealed_report, a_submission, post
from tests.processes import running
from tests.triage.outbound.post_office import an_office
from tests.triage.outbound.receivers import Receiver, receiving
from tests.triage.outbound.sending import an_agency_that_receives, delivery, refer_case
from tests.triage.outbound.test_alarms import on_call
from triage.alarms.watch import Watch
from triage.outbound import channels
from triage.referrals.courier import Courier
from triage.referrals.outbox import Lane
from triage.referrals.rounds import Post, Rounds

FIVE_SECONDS = 5.0


def wait(until: Callable[[], object], seconds: float) -> float:
    """How long it took."""
    begun = time.monotonic()
    while not until():
        assert time.monotonic() - begun < seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - begun


@pytest.mark.timeout(120)
def test_an_alarm_is_out_within_five_seconds_while_everybody_else_hangs(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine, ana: NewStaff
) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    a_filed_report(settings, triage_engine, a_submission("Slow."))
    with receiving(Receiver(silent=60)) as silent, an_office() as office:
        hanging = [
            an_agency_that_receives(settings, owner, "webhook", code=f"silent-{number}", url=silent.address).agency
            for number in range(6)
        ]
        ids = [refer_case(settings, owner, console_engine, ana, agency) for agency in hanging]
        with running(office.settings(settings, seconds=15), "worker-1") as children:
            wait(lambda: len(silent.calls) >= 4, 20)
            post(settings, [a_sealed_report(settings, a_submission("Now.", danger=Danger.YES))])
            took = wait(lambda: office.room.came, FIVE_SECONDS + 1)
            assert children["worker-1"].is_running
            children["worker-1"].kill()
    assert took < FIVE_SECONDS
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM reports WHERE state <> 'filed'")) == 0
    assert {delivery(owner, id).state for id in ids} <= {DeliveryState.SENDING, DeliveryState.WAITING}


@pytest.mark.timeout(120)
def test_without_a_bell_it_is_out_all_the_same(settings: Settings, owner: Engine, triage_engine: Engine) -> None:
    on_call(settings, owner, "Ana", "ana@staff.example")
    a_filed_report(settings, triage_engine, a_submission("Now.", danger=Danger.YES))
    keys = CourierKeys.read(settings.keys_dir)
    own = connect(settings.triage_database_url or "", by_index_only=True)
    with an_office() as office:
        ways = channels(office.settings(settings), keys)
        posts = [Post(lane, lambda: False, Courier(own, keys, ways, lane, timedelta(seconds=30))) for lane in Lane]
        stopping = threading.Event()
        rounds = Rounds(own, (Watch(own, keys.own, settings).alarms,), posts, 0.1)
        thread = threading.Thread(target=rounds.run, args=(stopping,))
        thread.start()
        wait(lambda: office.room.came, FIVE_SECONDS)
        stopping.set()
        thread.join()
    time.sleep(0.3)
    own.dispose()
