"""A partner's server, as it talks to a running public process."""

import itertools
from dataclasses import dataclass
from typing import Any

import httpx

from tests.factories import KnownPartner

Json = dict[str, Any]
_numbers = itertools.count()

WHOLE: Json = {
    "what": "An adult asked me to keep a secret and to meet after school.",
    "language": "en",
    "danger": "unsure",
    "urgency": "They say that they meet on Friday.",
    "kind": "contact",
    "risks": ["meet"],
    "happened_at": "2026-11-20T17:03:00Z",
    "service": "Northwind Chat",
    "conversation": {
        "id": "room-7",
        "messages": [
            {"text": "Can you keep a secret?", "sender": "4711", "at": "2026-11-20T17:01:00.5+01:00", "id": "m1"}
        ],
    },
    "accounts": [
        {
            "id": "4711",
            "handle": "stranger77",
            "service": "Northwind Chat",
            "names": ["Sam"],
            "emails": ["sam@mail.example"],
            "phones": ["+44 1632 960001"],
            "urls": ["https://chat.example/u/4711"],
            "devices": ["phone-9"],
            "seen": [{"ip": "192.0.2.7", "at": "2026-11-20T17:00:00Z", "port": 51334, "event": "login"}],
            "country": "GB",
            "note": "Registered this week.",
        }
    ],
    "others": [{"handle": "friend.of.sam"}],
    "child": {"age": "13_15", "country": "IT", "account": {"handle": "little.fox"}},
    "reporter": {
        "about": "me",
        "email": "pat@mail.example",
        "phone": "+44 1632 960002",
        "safe": "after six",
        "country": "IT",
        "account": {"id": "12"},
    },
    "urls": ["https://chat.example/room/7", "https://chat.example/room/8"],
    "files": [
        {"hashes": {"sha256": "ab" * 32, "pdq": "cd" * 32}, "name": "picture.jpg", "media_type": "image/jpeg"},
    ],
    "reference": "NW-1",
    "note": "The account is closed.",
}

LITTLE: Json = {"what": "An adult asked for a secret."}


@dataclass(frozen=True)
class Server:
    """Posts with a partner's key; each report with an idempotency key of its own unless one is given."""

    address: str
    partner: KnownPartner
    client: httpx.Client

    @property
    def credentials(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.partner.api_key}"}

    def post(self, path: str, content: bytes, **headers: str) -> httpx.Response:
        """Bytes as JSON; a header given as "" is left out."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"content-type": "application/json", **self.credentials, **named}
        return self.client.post(
            self.address + path, content=content, headers={name: value for name, value in sent.items() if value}
        )

    def report(self, report: object, key: str | None = None, **headers: str) -> httpx.Response:
        body = report if isinstance(report, bytes) else httpx.Request("POST", "http://a", json=report).content
        wanted = f"key-{next(_numbers)}" if key is None else key
        return self.post("/api/v1/reports", body, idempotency_key=wanted, **headers)

    def batch(self, *items: object) -> httpx.Response:
        body = httpx.Request("POST", "http://a", json={"reports": items}).content
        return self.post("/api/v1/reports/batch", body)

    def xarf(self, report: object, **headers: str) -> httpx.Response:
        body = report if isinstance(report, bytes) else httpx.Request("POST", "http://a", json=report).content
        return self.post("/api/v1/xarf", body, **headers)


def problem_of(response: httpx.Response, status: int, name: str) -> Json:
    """The problem document, after looking whether it is the one that is expected."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem: Json = response.json()
    assert (response.status_code, problem["status"], problem["type"]) == (
        status,
        status,
        f"urn:openhotline:problem:{name}",
    ), problem
    return problem
