"""The public: people with a browser each, who are in doubt, press twice, try again or give up."""

import asyncio
import re
import time
from dataclasses import dataclass, field, fields, replace
from random import Random
from urllib.parse import urlencode

from tests.faults.history import Answer, Operation, Outcome, Words

TOKEN = re.compile(rb'name="token" value="([^"]+)"')
RECEIPT = re.compile(rb"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}")
WORDS = tuple(field.name for field in fields(Words))
PATIENCE = 12.0  # seconds a person looks at a page that does not come
LINES = (
    "An adult asked me to keep a secret.",
    "Somebody wants me to send a picture and not to tell my parents.",
    "A person from a game wants to meet my little sister alone.",
    "They said they would show my picture to my class. " * 12,
)


@dataclass
class Public:
    """Sends forms to `front`, a line that may be cut; fetches them from `port`, the site itself."""

    front: int
    port: int
    random: Random
    history: list[Operation] = field(default_factory=list)
    calm: bool = False

    async def report(self, country: str = "") -> Operation:
        """A new form, sent once."""
        operation = await self._fill_in(country)
        await self.send(operation)
        return operation

    async def send(self, operation: Operation) -> None:
        """The form as it is, first time or again; what came of it goes into its history."""
        body = urlencode({"token": operation.token} | {name: getattr(operation.words, name) for name in WORDS}).encode()
        operation.answers.append(_read(await _post(self.front, body), operation.token))

    async def add_a_line(self, operation: Operation) -> None:
        """Back, a line more, and sent: another report with the same receipt."""
        words = replace(operation.words, what=f"{operation.words.what} It was yesterday.")
        added = Operation(operation.token, words)
        self.history.append(added)
        await self.send(added)

    async def crowd(self, people: int, pause: float) -> None:
        """Many at once, until all is calm."""
        async with asyncio.TaskGroup() as group:
            for _ in range(people):
                group.create_task(self._person(pause))

    async def settle(self, patience: float) -> None:
        """Whoever did not give up tries until it is acknowledged, or until nobody would wait any longer."""
        last = time.monotonic() + patience
        while time.monotonic() < last and (
            unsure := [one for one in self.history if one.answers and one.acked_at is None and not one.given_up]
        ):
            async with asyncio.TaskGroup() as group:
                for operation in unsure:
                    group.create_task(self.send(operation))
            await asyncio.sleep(0.2)

    async def _person(self, pause: float) -> None:
        async with asyncio.TaskGroup() as doubts:
            while not self.calm:
                await asyncio.sleep(self.random.expovariate(1 / pause))
                operation = await self._fill_in(self.random.choice(["", "IT", "FR"]))
                if self.random.random() < 0.15:
                    await asyncio.gather(self.send(operation), self.send(operation))  # a double click
                else:
                    await self.send(operation)
                doubts.create_task(self._have_doubts(operation))

    async def _have_doubts(self, operation: Operation) -> None:
        """Later: once more for no reason, with a line added, again until it is there, or never again."""
        if operation.acked_at is None:
            operation.given_up = self.random.random() < 0.15
            while operation.acked_at is None and not operation.given_up and not self.calm:
                await asyncio.sleep(self.random.uniform(0.3, 3))
                await self.send(operation)
        if operation.acked_at is not None and self.random.random() < 0.1:
            await asyncio.sleep(self.random.uniform(0, 5))
            await self.send(operation)
        if operation.acked_at is not None and self.random.random() < 0.05:
            await self.add_a_line(operation)

    async def _fill_in(self, country: str) -> Operation:
        number = len(self.history)
        words = Words(
            what=f"{self.random.choice(LINES)} ({number})",
            link=self.random.choice(["", f"https://room.example/{number}"]),
            contact=self.random.choice(["", f"person{number}@mail.example"]),
            country=country,
            danger=self.random.choice(["", "yes", "unsure", "no"]),
        )
        operation = Operation("", words)
        self.history.append(operation)
        operation.token = await self._new_token()
        return operation

    async def _new_token(self) -> str:
        """From the page, as a browser gets it; it needs no database, only somebody who serves it."""
        while True:
            page = await _exchange(
                self.port, b"GET /en/report HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            )
            if page and (found := TOKEN.search(page)):
                return found[1].decode()
            await asyncio.sleep(0.1)


async def _post(port: int, body: bytes) -> bytes | None:
    head = (
        "POST /en/report HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return await _exchange(port, head.encode() + body)


async def _exchange(port: int, request: bytes) -> bytes | None:
    """The whole answer, or nothing when it did not come or is not whole."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request)
                answer = await reader.read(-1)
            finally:
                writer.transport.abort()
    except (OSError, TimeoutError):
        return None
    return answer if _is_whole(answer) else None


def _is_whole(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
    return length is not None and len(body) == int(length[1])


def _read(answer: bytes | None, token: str) -> Answer:
    """Refused means the same form again, token and all: pressing the button must send the same report."""
    now = time.monotonic()
    if answer is None:
        return Answer(Outcome.UNKNOWN, now)
    status = answer.split(b" ", 2)[1]
    if status == b"200" and (receipt := RECEIPT.search(answer)):
        return Answer(Outcome.ACKED, now, receipt[0].decode())
    if status == b"503" and token.encode() in answer:
        return Answer(Outcome.REFUSED, now)
    return Answer(Outcome.STRANGE, now, status=answer.splitlines()[0].decode())
