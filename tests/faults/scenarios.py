"""Each promise, the one fault that would break it, and the mutants that it breaks."""

from typing import Any

from tests.faults import acts
from tests.faults.checker import Broken
from tests.faults.outbound import acts as outbound
from tests.faults.outbound.checker import Astray
from tests.faults.outbound.scenario import Sending
from tests.faults.scenario import Naming, Reporting, Scenario

UNSEEN = frozenset({Broken.INVISIBLE, Broken.NOT_IN_A_CASE})

SCENARIOS: tuple[Scenario[Any], ...] = (
    Reporting(
        act=acts.no_database,
        face="intake",
        mutants={"intake.acknowledge_before_commit": frozenset({Broken.LOST})},
    ),
    Reporting(
        act=acts.lost_answers,
        face="intake",
        mutants={"intake.new_id_every_time": frozenset({Broken.SECOND_REPORT})},
    ),
    Reporting(
        act=acts.nobody_knows_the_app,
        face="intake",
        mutants={"intake.an_id_of_more_than_was_sent": frozenset({Broken.SECOND_REPORT})},
    ),
    Reporting(
        act=acts.a_slow_commit,
        face="intake",
        mutants={"intake.ring_before_commit": UNSEEN},
        sweep_seconds=3600,
        within=6,
    ),
    Reporting(
        act=acts.a_late_end,
        face="intake",
        mutants={"intake.die_of_the_unexpected": frozenset({Broken.NEVER_TAKEN})},
    ),
    Reporting(
        act=acts.lost_bells,
        face="worker",
        mutants={"worker.no_sweep": UNSEEN},
    ),
    Reporting(
        act=acts.no_bells,
        face="worker",
        mutants={"worker.sweep_that_only_rings": frozenset({Broken.INVISIBLE})},
        within=5,
    ),
    Reporting(
        act=acts.a_report_that_kills,
        face="worker",
        mutants={"worker.attempts_not_committed": UNSEEN},
        faults=["worker.poisoned"],
        workers=2,
        within=15,
    ),
    Reporting(
        act=acts.a_line_added,
        face="worker",
        mutants={"worker.nobody_waits_for_a_receipt": frozenset({Broken.SPLIT})},
        faults=["worker.slow"],
        workers=2,
        within=12,
    ),
    Reporting(
        act=acts.a_silent_line,
        face="worker",
        mutants={"worker.endless_patience": UNSEEN},
        faults=["worker.impatient"],
        within=9,
    ),
    Reporting(
        act=acts.a_death_at_each_point,
        face="worker",
        mutants={"worker.cases_of_their_own": frozenset({Broken.MISCOUNTED})},
        faults=["points.in_triage"],
        workers=2,
    ),
    Naming(
        act=acts.bad_names,
        face="worker",
        mutants={"worker.waits_for_every_name": UNSEEN},
        faults=["worker.refreshed"],
        within=5,
    ),
    Sending(
        act=outbound.dies_by_mail,
        mutants={
            "courier.delivered_before_it_is": frozenset({Astray.MISSING}),
            "courier.another_number_each_time": frozenset({Astray.TWICE}),
        },
        faults=["points.in_delivery"],
    ),
    Sending(
        act=outbound.dies_by_hook,
        mutants={"courier.never_taken_again": frozenset({Astray.UNSEEN})},
        faults=["points.in_delivery"],
    ),
    Sending(
        act=outbound.dies_by_tipline,
        with_house=True,
        mutants={"courier.forgets_what_it_opened": frozenset({Astray.TWICE})},
        faults=["points.in_delivery"],
    ),
    Sending(
        act=outbound.stopped_past_its_lease,
        with_house=True,
        mutants={"courier.nobody_is_overtaken": frozenset({Astray.TWICE})},
        faults=["points.in_delivery"],
        workers=2,
    ),
    Sending(
        act=outbound.answers_lost_there,
        with_house=True,
        mutants={"courier.asks_nothing_first": frozenset({Astray.TWICE})},
    ),
    Sending(
        act=outbound.bad_post,
        mutants={"courier.any_answer_is_a_yes": frozenset({Astray.MISSING})},
    ),
    Sending(
        act=outbound.a_hanging_hook,
        mutants={
            "courier.waits_for_ever": frozenset({Astray.UNSEEN}),
            "courier.letters_before_reports": frozenset({Broken.INVISIBLE}),
        },
        heals=False,
        within=4,
    ),
)
