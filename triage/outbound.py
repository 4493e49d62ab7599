"""Assembly of what leaves here: bells, couriers and rounds of its own. No answer it waits for delays a report."""

import threading
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import dramatiq

from core import broker
from core.broker import Bell
from core.db import connect
from core.keys import CourierKeys
from core.settings import Settings
from core.vocabulary import By
from triage import actors
from triage.alarms.watch import Watch
from triage.reading.asking import resolver_in
from triage.referrals import outbox
from triage.referrals.courier import AT_ONCE, Channel, Courier
from triage.referrals.cybertipline import Client
from triage.referrals.email import Post as SmtpPost
from triage.referrals.http import Rules
from triage.referrals.outbox import Lane
from triage.referrals.rounds import Post, Rounds, Seldom
from triage.referrals.webhook import Caller
from triage.referrals.xarf import AbuseDesk
from triage.takedowns.names import Names
from triage.takedowns.notices import Notices

BELLS = {Lane.ALARMS: Bell.ALARMS, Lane.REST: Bell.DELIVERIES}
THREADS = 2 * AT_ONCE  # each lane has its own share: see the couriers' slots
POLL_MS = 100  # five seconds are the limit for an alarm, and an idle core should rest
CONVERSATIONS = 4  # the most questions one delivery asks, each with its own limit
LEEWAY = 5
MINUTE, HOUR = 60.0, 3600.0


class Outbound:
    """`start` and `stop` belong to the process that works; between them everything happens on threads."""

    def __init__(self, settings: Settings, stopping: threading.Event) -> None:
        assert settings.triage_database_url and settings.redis_url
        self.engine = connect(settings.triage_database_url, pool=THREADS + 2, by_index_only=True)
        self.bells = broker.connect(settings.redis_url)
        keys = CourierKeys.read(settings.keys_dir)
        ways, posts = channels(settings, keys), []
        for lane, bell in BELLS.items():
            ring = partial(broker.ring, self.bells, bell)
            courier = Courier(self.engine, keys, ways, lane, lease(settings), more=ring, stopping=stopping)
            posts.append(Post(lane, ring, courier))
        actors.declare_couriers(self.bells, *(post.courier for post in posts))
        self.worker = dramatiq.Worker(
            self.bells, queues=set(BELLS.values()), worker_threads=THREADS, worker_timeout=POLL_MS
        )
        watch, notices = Watch(self.engine, keys.own, settings), Notices(self.engine, keys, settings)
        names = Names(self.engine, keys.letters, resolver_in(settings.resolver), settings.resolver_ms / 1000)
        seldom = (
            Seldom(watch.digests, MINUTE),
            Seldom(notices.again, MINUTE),
            Seldom(names.look, HOUR),
            Seldom(lambda: outbox.forget_notices(self.engine), HOUR),
        )
        rounds = Rounds(self.engine, (watch.alarms, notices.first, *seldom), posts, settings.sweep_seconds)
        self.thread = threading.Thread(target=rounds.run, args=(stopping,), name="rounds", daemon=True)

    def start(self) -> None:
        self.worker.start()
        actors.listen_for_no_delayed_bell(self.worker)
        self.thread.start()

    def stop(self) -> None:
        """What is being sent comes to its end."""
        self.worker.stop()
        self.thread.join()
        self.engine.dispose()


def channels(settings: Settings, keys: CourierKeys) -> Mapping[By, Channel]:
    """Every way but those that need no courier."""
    rules, post = Rules(settings.answer_seconds, settings.private_addresses), SmtpPost.of(settings)
    return {
        By.EMAIL: post.deliver,
        By.PLAIN: post.deliver_plainly,
        By.WEBHOOK: Caller.of(keys.sign, rules).deliver,
        By.CYBERTIPLINE: Client(rules, settings).deliver,
        By.XARF: AbuseDesk(post, settings).deliver,
    }


def lease(settings: Settings) -> timedelta:
    """Longer than any attempt can take: nobody takes what is still being sent."""
    return timedelta(seconds=CONVERSATIONS * settings.answer_seconds + LEEWAY)
