"""What reports name: links, accounts and files that nobody has, and the ways in which people write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit

from ops.simulate.tongues import Tongue, tongues

TRACKING = ("utm_source=chat", "utm_campaign=share", "fbclid=abc123", "igsh=xyz")
ROOMS = ("room", "thread", "album", "clip", "board")
PROFILES: Mapping[str, str] = {
    "Snapchat": "https://www.snapchat.com/add/{}",
    "TikTok": "https://www.tiktok.com/@{}",
    "Instagram": "https://www.instagram.com/{}/",
    "Telegram": "https://t.me/{}",
}
"""Platforms whose accounts people name, and where a profile is. The names are invented, and no link is ever opened."""

PHONES: Mapping[str, str] = {"GB": "+44 1632 960 {:03}", "US": "+1 202 555 01{:02}"}
"""Numbers kept free for stories."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account on one platform."""

    platform: str
    handle: str

    def elsewhere(self, chance: Random) -> "Account":
        """The same name on another platform: somebody else."""
        return Account(chance.choice(sorted(PROFILES.keys() - {self.platform})), self.handle)

    def similar(self, chance: Random) -> "Account":
        """A name that is one digit off: somebody else."""
        digit = self.handle[-1]
        return Account(self.platform, self.handle[:-1] + chance.choice([n for n in "0123456789" if n != digit]))

    @property
    def profile(self) -> str:
        return PROFILES[self.platform].format(self.handle)


def word(chance: Random, length: int = 3) -> str:
    """A name in Latin letters."""
    return tongues()["en"].name(chance, length).lower()


def an_account(chance: Random) -> Account:
    mark = chance.choice(("_", ".", ""))
    return Account(chance.choice(sorted(PROFILES)), f"{word(chance)}{mark}example{chance.randrange(10_000):04}")


def a_link(chance: Random, hosted: str = "") -> str:
    """A page of a site; its name says where it stands, for the simulation's own name server."""
    top = f"at-{hosted.lower()}.example" if hosted else "example"
    return f"https://{word(chance)}.{top}/{chance.choice(ROOMS)}/{word(chance)}-{chance.randrange(10**6)}"


def another_page(chance: Random, link: str) -> str:
    """Of the same site."""
    parts = urlsplit(link)
    return f"https://{parts.netloc}/{chance.choice(ROOMS)}/{word(chance)}-{chance.randrange(10**6)}"


def another_site(chance: Random, link: str) -> str:
    """With a page of the same name."""
    parts = urlsplit(link)
    return link.replace(f"//{parts.netloc.partition('.')[0]}.", f"//{word(chance, 4)}.")


def as_pasted(chance: Random, link: str) -> str:
    """The same link as the next person has it."""
    scheme = chance.choice(("https://", "http://", "https://www."))
    tracked = chance.choice(("", "", "/", f"?{chance.choice(TRACKING)}"))
    return link.replace("https://", scheme) + tracked


def defanged(link: str) -> str:
    """As professionals write it."""
    host = urlsplit(link).netloc
    return link.replace("https://", "hxxps://").replace(host, host.replace(".", "[.]"))


def account_field(chance: Random, account: Account) -> str:
    """As people fill the field for it."""
    shapes = ("{handle} on {platform}", "{platform}: {handle}", "@{handle} ({platform})", "{profile}")
    return chance.choice(shapes).format(handle=account.handle, platform=account.platform, profile=account.profile)


def account_said(chance: Random, tongue: Tongue, account: Account) -> str:
    return tongue.say(chance, "account", platform=account.platform, handle=account.handle)


def a_hash(chance: Random) -> str:
    """Of no file that there is."""
    return chance.randbytes(32).hex()


def a_phone(chance: Random, country: str) -> str:
    return PHONES[country].format(chance.randrange(100))
