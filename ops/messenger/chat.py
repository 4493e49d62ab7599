"""A chat of two people in memory, gone when the process ends."""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

MOST = 200
LONGEST = 500
PEOPLE = {"robin": "Robin", "alex": "Alex"}
OPENING = {
    "en": (
        ("alex", "Hi! You played really well yesterday."),
        ("robin", "Thanks :) you too"),
        ("alex", "How old are you? I am 13 as well."),
        ("robin", "I am 12"),
        ("alex", "This chat is our secret, ok? Do you want to meet after school?"),
    ),
    "ar": (
        ("alex", "مرحبًا! لعبت أمس بشكل رائع."),
        ("robin", "شكرًا :) وأنت أيضًا"),
        ("alex", "كم عمرك؟ أنا أيضًا عمري 13 سنة."),
        ("robin", "عمري 12 سنة"),
        ("alex", "هذه المحادثة سر بيننا، اتفقنا؟ هل تريد أن نلتقي بعد المدرسة؟"),
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One message; `at` is RFC 3339."""

    id: str
    number: int
    sender: str
    text: str
    at: str


@dataclass
class Chat:
    """What both see. `round` changes when it starts again."""

    id: str = field(default_factory=lambda: f"chat-{uuid4().hex[:12]}")
    said: deque[Said] = field(default_factory=lambda: deque(maxlen=MOST))
    count: int = 0

    @classmethod
    def opened(cls, language: str = "en") -> "Chat":
        chat = cls()
        for sender, text in OPENING.get(language, OPENING["en"]):
            chat.say(sender, text)
        return chat

    def say(self, sender: str, text: str) -> Said:
        self.count += 1
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        said = Said(f"message-{uuid4().hex[:8]}", self.count, sender, text.strip()[:LONGEST], at)
        self.said.append(said)
        return said

    def after(self, number: int) -> Sequence[Said]:
        return [said for said in self.said if said.number > number]

    def picked(self, ids: Sequence[str]) -> Sequence[Said]:
        return [said for said in self.said if said.id in ids]
