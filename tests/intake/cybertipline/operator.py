"""An operator's client, as one that was written for NCMEC: it knows a base URL, a name and a password."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from lxml import etree

from core.settings import Settings
from tests.core.cybertipline.samples import a_report, file_details
from tests.factories import KnownPartner

XML = {"Content-Type": "text/xml; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    root: str
    code: int
    description: str
    report: int
    file: str
    hash: str
    files: tuple[str, ...]
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, response: httpx.Response) -> "Answer":
        root = etree.fromstring(response.content)
        return cls(
            status=response.status_code,
            root=root.tag,
            code=int(root.findtext("responseCode") or "-1"),
            description=root.findtext("responseDescription") or "",
            report=int(root.findtext("reportId") or "0"),
            file=root.findtext("fileId") or "",
            hash=root.findtext("hash") or "",
            files=tuple(file.text or "" for file in root.findall("files/fileId")),
            headers=response.headers,
            body=response.content,
        )


@dataclass(frozen=True, slots=True)
class Operator:
    """Does what NCMEC's document says a client does."""

    client: httpx.Client

    def ask(self, path: str) -> Answer:
        return Answer.of(self.client.get(path))

    def submit(self, document: bytes = a_report(), **headers: str) -> Answer:
        return Answer.of(self.client.post("/submit", content=document, headers=XML | headers))

    def upload(self, report: int | str, content: bytes = b"a picture of a garden", name: str = "garden.jpg") -> Answer:
        form = {"data": {"id": str(report)}, "files": {"file": (name, content, "image/jpeg")}}
        return Answer.of(self.client.post("/upload", **form))  # type: ignore[arg-type]  # two keywords of httpx

    def fileinfo(self, report: int | str, file: str, inside: str = "") -> Answer:
        document = file_details(inside, report, file)
        return Answer.of(self.client.post("/fileinfo", content=document, headers=XML))

    def finish(self, report: int | str) -> Answer:
        """As curl does with --form, which makes a multipart form."""
        return Answer.of(self.client.post("/finish", files={"id": (None, str(report))}))

    def retract(self, report: int | str) -> Answer:
        """As most libraries do, which make the other kind."""
        return Answer.of(self.client.post("/retract", data={"id": str(report)}))


@contextmanager
def at_the_door(settings: Settings, partner: KnownPartner, password: str = "") -> Iterator[Operator]:
    base = f"http://127.0.0.1:{settings.intake_port}/ispws"
    with httpx.Client(base_url=base, auth=(partner.code, password or partner.password), timeout=30) as client:
        yield Operator(client)
