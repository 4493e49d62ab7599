"""A courier that is killed before or after it sends: `python -m tests.triage.outbound.killed_courier after`."""

import os
import signal
import sys
from datetime import timedelta

from core.db import connect
from core.keys import CourierKeys
from core.settings import Settings
from core.vocabulary import By
from triage.outbound import channels
from triage.referrals.courier import Courier
from triage.referrals.outbox import Lane
from triage.referrals.outcome import Outcome, Parcel

if __name__ == "__main__":
    settings = Settings.from_environ()
    keys = CourierKeys.read(settings.keys_dir)
    sends = channels(settings, keys)[By.WEBHOOK]

    def send_and_die(parcel: Parcel) -> Outcome:
        if sys.argv[1] == "after":
            sends(parcel)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    engine = connect(settings.triage_database_url or "", by_index_only=True)
    Courier(engine, keys, {By.WEBHOOK: send_and_die}, Lane.REST, timedelta(minutes=5))()
