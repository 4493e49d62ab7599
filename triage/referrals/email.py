"""By e-mail: subject and body say nothing; what is told is attached, sealed to the recipient's key.

Only a hosting provider without a key is told of its links in the body, where they are made harmless.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from uuid import UUID

from core.loopback import is_loopback
from core.settings import Settings
from core.vocabulary import Trouble
from triage.referrals.hurry import hung_up_after
from triage.referrals.letters import Letter, Notice, TakedownTold
from triage.referrals.outcome import Delivered, Failed, Outcome, Parcel, receipt_of
from triage.referrals.reading import as_json, as_text, sealed
from triage.referrals.removal import removal_subject, removal_text
from triage.referrals.ways import Email, Plain

GREETING, TAKEN, PERMANENT = 220, (250, 251), 500
READ_ME = """This is a referral from {sender}. It is attached, once for programs and once to read.

Both files are encrypted with age (https://age-encryption.org) to the key your agency gave us. To open one:

    age -d -i your-key.txt {name}.txt.age

Number of this referral: {id}
If this message comes twice, it is the same referral: the number tells.
"""
REMOVE = """This is a notice of illegal content from {sender}, under Article 16 of Regulation (EU) 2022/2065.
It is attached, once for programs and once to read.

Both files are encrypted with age (https://age-encryption.org) to the key you gave us. To open one:

    age -d -i your-key.txt {name}.txt.age

Number of this notice: {id}
If this message comes twice, it is the same notice: the number tells.
"""


@dataclass(frozen=True)
class Post:
    """The server that takes our e-mail. `tls` is for tests."""

    host: str | None
    port: int
    security: str
    user: str | None
    password: str | None = field(repr=False)
    sender: str | None
    name: str
    seconds: float
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "Post":
        return cls(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_tls,
            settings.smtp_user,
            settings.smtp_password,
            settings.smtp_from,
            settings.name,
            settings.answer_seconds,
        )

    @property
    def is_set(self) -> bool:
        """Whether there is a server, and a line to it that nobody else reads."""
        return bool(self.host and self.sender and (self.security != "none" or is_loopback(self.host)))

    def deliver(self, parcel: Parcel) -> Outcome:
        """One letter to one address. The message's id is the delivery's, so that a second copy is known as one."""
        assert isinstance(parcel.way, Email)
        return self.send(parcel.way.to, self.message(parcel.id, parcel.way.to, parcel.letter, parcel.way.key))

    def deliver_plainly(self, parcel: Parcel) -> Outcome:
        """A takedown notice to a provider without a key; nothing else ever goes like this."""
        if not isinstance(parcel.way, Plain) or not isinstance(parcel.letter, TakedownTold):
            return Failed(Trouble.DOES_NOT_FIT, for_good=True)
        letter, to = parcel.letter, parcel.way.to
        made = self.envelope(parcel.id, to, removal_subject(letter), removal_text(letter).decode())
        return self.send(to, made)

    def message(self, id: UUID, to: str, letter: Letter, key: str) -> EmailMessage:
        if isinstance(letter, Notice):
            return self.envelope(id, to, letter.subject, "\n".join(letter.lines) + "\n")
        if isinstance(letter, TakedownTold):
            name, subject, body, text = f"notice-{id}", removal_subject(letter), REMOVE, removal_text(letter)
        else:
            name, subject, body = f"referral-{letter.case}", f"{self.name}: referral {letter.case}", READ_ME
            text = as_text(letter)
        made = self.envelope(id, to, subject, body.format(sender=self.name, name=name, id=id))
        for ending, content in (("txt", text), ("json", as_json(letter))):
            made.add_attachment(sealed(content, key), "application", "octet-stream", filename=f"{name}.{ending}.age")
        return made

    def envelope(self, id: UUID, to: str, subject: str, body: str) -> EmailMessage:
        made = EmailMessage()
        made["From"], made["To"] = self.sender or "", to
        made["Subject"] = " ".join(subject.split())
        made["Date"] = format_datetime(localtime())
        made["Message-ID"] = f"<{id}@{self.domain}>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(body)
        return made

    def send(self, to: str, message: EmailMessage) -> Outcome:
        """Hand it over. Whatever is not a clear yes is not delivered."""
        if not self.is_set:
            return Failed(Trouble.NOT_SET)
        line = self._line()
        try:
            with hung_up_after(self.seconds, lambda: getattr(line, "sock", None)):
                return self._hand_over(line, to, message)
        except smtplib.SMTPAuthenticationError:
            return Failed(Trouble.LOG_IN)
        except smtplib.SMTPDataError as error:
            return Failed(Trouble.REFUSED, for_good=error.smtp_code >= PERMANENT)
        except smtplib.SMTPNotSupportedError:
            return Failed(Trouble.NOT_SET)  # no TLS to be had there, and without it nothing is said
        except (OSError, smtplib.SMTPException, ValueError):
            return Failed(Trouble.NO_ANSWER)
        finally:
            line.close()  # without a good-bye: what was taken is taken, whatever would be said to it

    def _line(self) -> smtplib.SMTP:
        """Not connected yet: that happens where it can be hung up."""
        if self.security == "implicit":
            return smtplib.SMTP_SSL(local_hostname=self.domain, timeout=self.seconds, context=self.tls)
        return smtplib.SMTP(local_hostname=self.domain, timeout=self.seconds)

    @property
    def domain(self) -> str:
        return (self.sender or "").rpartition("@")[2]

    def _hand_over(self, line: smtplib.SMTP, to: str, message: EmailMessage) -> Outcome:
        self._greet(line)
        for step, word in ((line.mail, self.sender or ""), (line.rcpt, to)):
            code, _ = step(word)
            if code not in TAKEN:
                return Failed(Trouble.REFUSED, for_good=code >= PERMANENT)
        code, said = line.data(message.as_bytes(policy=SMTP))
        if code not in TAKEN:
            return Failed(Trouble.REFUSED, for_good=code >= PERMANENT)
        return Delivered(receipt_of(said))

    def _greet(self, line: smtplib.SMTP) -> None:
        """Connect, go over to TLS, log in."""
        # Whose certificate it must be: smtplib learns it only from a constructor that connects at once.
        line._host = self.host  # type: ignore[attr-defined]
        code, said = line.connect(self.host or "", self.port)
        if code != GREETING:
            raise smtplib.SMTPConnectError(code, said)
        if self.security == "starttls":
            line.starttls(context=self.tls)
        line.ehlo_or_helo_if_needed()
        if self.user:
            line.login(self.user, self.password or "")
