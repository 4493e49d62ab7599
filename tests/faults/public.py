"""The public: people with a browser each, who are in doubt, press twice, try again or give up."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from tests.faults import browser
from tests.faults.history import Operation, Words

LINES = (
    "An adult asked me to keep a secret.",
    "Somebody wants me to send a picture and not to tell my parents.",
    "A person from a game wants to meet my little sister alone.",
    "They said they would show my picture to my class. " * 12,
)
DOUBLE_CLICK, GIVE_UP, ONCE_MORE, A_LINE_MORE = 0.15, 0.15, 0.1, 0.05


@dataclass
class Public:
    """Sends forms to `front`, a line that may be cut; fetches them from `port`, at one of `places` there."""

    front: int
    port: int
    random: Random
    history: list[Operation] = field(default_factory=list)
    calm: bool = False
    places: Sequence[str] = ("/en/report",)

    async def report(self, country: str = "", link: str | None = None) -> Operation:
        """A new form, sent once."""
        form = await self._fill_in(country, link)
        await self.send(form)
        return form

    async def send(self, form: Operation) -> None:
        """The form as it is, for the first time or again."""
        form.answers.append(await browser.send(self.front, form))

    async def add_a_line(self, form: Operation) -> None:
        """Back, a line more, and sent: another report with the same receipt."""
        more = replace(form.words, what=f"{form.words.what} It was yesterday.")
        added = Operation(more, form.token, form.place)
        self.history.append(added)
        await self.send(added)

    async def crowd(self, people: int, pause: float) -> None:
        """Many at once, until all is calm."""
        async with asyncio.TaskGroup() as group:
            for _ in range(people):
                group.create_task(self._person(pause))

    async def settle(self, patience: float) -> None:
        """Whoever is still unsure sends again until told that it is there, or until nobody would go on."""
        last = time.monotonic() + patience
        while time.monotonic() < last and (unsure := [form for form in self.history if form.is_unsure]):
            await asyncio.gather(*map(self.send, unsure))
            await asyncio.sleep(0.2)

    async def _person(self, pause: float) -> None:
        async with asyncio.TaskGroup() as doubts:
            while not self.calm:
                await asyncio.sleep(self.random.expovariate(1 / pause))
                form = await self._fill_in(self.random.choice(["", "IT", "FR"]))
                presses = 2 if self._happens(DOUBLE_CLICK) else 1
                await asyncio.gather(*(self.send(form) for _ in range(presses)))
                doubts.create_task(self._have_doubts(form))

    async def _have_doubts(self, form: Operation) -> None:
        """Later: again until it is there or never again; then perhaps once more, or with a line added."""
        form.given_up = form.acked_at is None and self._happens(GIVE_UP)
        while form.is_unsure and not self.calm:
            await asyncio.sleep(self.random.uniform(0.3, 3))
            await self.send(form)
        if form.acked_at is None:
            return
        if self._happens(ONCE_MORE):
            await asyncio.sleep(self.random.uniform(0, 5))
            await self.send(form)
        if self._happens(A_LINE_MORE):
            await self.add_a_line(form)

    async def _fill_in(self, country: str, link: str | None = None) -> Operation:
        number = len(self.history)
        some = self.random.choice(["", f"https://room.example/{number}"])
        form = Operation(
            Words(
                what=f"{self.random.choice(LINES)} ({number})",
                link=some if link is None else f"{link}/{number}",
                contact=self.random.choice(["", f"person{number}@mail.example"]),
                country=country,
                danger=self.random.choice(["", "yes", "unsure", "no"]),
            ),
            place=self.random.choice(self.places),
        )
        self.history.append(form)
        form.token = await browser.fetch_token(self.port, form.place)
        return form

    def _happens(self, chance: float) -> bool:
        return self.random.random() < chance
