"""The partners' doors beside the form, in the same run: reports a second, sealed, durable and acknowledged."""

import itertools
import json
import os
from collections.abc import Iterator

from core.db import connect, transaction
from core.vocabulary import CredentialKind
from ops.bench.accept import ROUNDS, SECONDS, median
from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_most, beside, shown
from ops.bench.load import WORDS, Outcome, forms, run_requests
from ops.partners import book

CONNECTIONS = 32
LEAST = 0.8
BATCH = 50
_numbers = itertools.count()


def measure(deployment: Deployment) -> Iterator[Figure]:
    """Form and door in turns, so that both meet the same machine; the median of each stands."""
    api_key = _a_key(deployment)
    with deployment.site() as port:
        forms_taken, reports_taken, batches_taken = [], [], []
        for _ in range(ROUNDS):
            forms_taken.append(run_requests(forms(deployment.keys, port), port, CONNECTIONS, SECONDS))
            reports_taken.append(run_requests(reports(api_key, port), port, CONNECTIONS, SECONDS))
            batches_taken.append(run_requests(batches(api_key, port), port, CONNECTIONS // 8, SECONDS))
        form, report, batch = median(forms_taken), median(reports_taken), median(batches_taken)
        yield beside("JSON door, 32 connections, beside the form", report.per_second, "/s", form.per_second, LEAST)
        yield shown("JSON door: p99", report.percentile(0.99), "ms")
        yield shown("JSON door, batches of 50", batch.per_second * BATCH, "/s", form.per_second)
        yield at_most(
            "JSON door: lost",
            _acknowledged(forms_taken, reports_taken, batches_taken) - _stored(deployment),
            "reports",
            0,
        )


def reports(api_key: str, port: int) -> Iterator[bytes]:
    """Whole requests, each a report of its own, some 1,000 bytes of JSON."""
    while True:
        yield _request(port, api_key, "/api/v1/reports", _report(), f"idempotency-key: k{next(_numbers)}\r\n")


def batches(api_key: str, port: int) -> Iterator[bytes]:
    while True:
        items = [{"idempotency_key": f"b{next(_numbers)}", "report": _report()} for _ in range(BATCH)]
        yield _request(port, api_key, "/api/v1/reports/batch", {"reports": items})


def _report() -> dict[str, object]:
    """As complete as a good partner's."""
    mark = os.urandom(4).hex()
    account = {
        "id": mark,
        "handle": f"stranger{mark}",
        "emails": [f"{mark}@mail.example"],
        "seen": [{"ip": "192.0.2.7", "at": "2026-11-20T17:00:00Z", "port": 51334, "event": "login"}],
    }
    return {
        "what": WORDS * 4 + mark,
        "danger": "no",
        "happened_at": "2026-11-20T17:03:00Z",
        "service": "Northwind Chat",
        "conversation": {"id": mark, "messages": [{"text": "Can you keep a secret?", "sender": mark}]},
        "accounts": [account],
        "child": {"age": "13_15", "country": "IT"},
        "reporter": {"email": "pat@mail.example"},
        "urls": [f"https://example.com/room/{mark}"],
    }


def _request(port: int, api_key: str, path: str, content: object, more: str = "") -> bytes:
    body = json.dumps(content).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {api_key}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n{more}\r\n"
    )
    return head.encode() + body


def _a_key(deployment: Deployment) -> str:
    """Of a partner with no quota to speak of."""
    engine = connect(deployment.settings.database_url or "", pool=1)
    with transaction(engine) as session:
        partner = book.add_partner(session, "Bench", quota=10**9)
        made = book.make_credentials(session, deployment.keys, partner)
    engine.dispose()
    return made[CredentialKind.API_KEY]


def _acknowledged(forms_taken: list[Outcome], reports_taken: list[Outcome], batches_taken: list[Outcome]) -> int:
    single = sum(outcome.accepted for outcome in (*forms_taken, *reports_taken))
    return single + BATCH * sum(outcome.accepted for outcome in batches_taken)


def _stored(deployment: Deployment) -> int:
    return deployment.count("SELECT count(*) FROM reports")
