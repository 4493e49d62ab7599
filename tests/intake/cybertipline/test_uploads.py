"""Uploads: hashed while they stream, never on disk, and as light in memory as they are long."""

import hashlib
import io
import os
import re
import socket
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping

import pytest
from PIL import Image
from sqlalchemy import Engine, text

from core.cybertipline.kept import Upload
from core.keys import TriageKeys
from core.sealing import Row
from core.settings import Settings
from intake.partners.cybertipline import perceptual
from intake.partners.cybertipline.hashing import BLOCK
from tests.factories import KnownPartner, a_partner
from tests.intake.cybertipline.operator import Operator, at_the_door
from tests.processes import running, with_free_ports

MB = 1024 * 1024
GB = 1024 * MB
SIZES = (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7, 2 * MB)
ALGORITHMS = ("md5", "sha1", "sha256")
BOUNDARY = "a-boundary"
HEAD = (
    '--{0}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{1}\r\n'
    '--{0}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
)
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


def uploads(settings: Settings, owner: Engine) -> list[Upload]:
    """What was kept of each, in order."""
    ring = TriageKeys.read(settings.keys_dir).reports
    with owner.connect() as connection:
        rows = connection.execute(text("SELECT id, upload_key, upload FROM report_parts ORDER BY added_at")).all()
    found = []
    for row in rows:
        place = Row("report_parts", row.id)
        with ring.unwrap(place, row.upload_key) as key:
            found.append(Upload.from_text(key.open(place, "upload", row.upload)))
    return found


def hashes_of(content: bytes) -> dict[str, str]:
    return {name: hashlib.new(name, content, usedforsecurity=False).hexdigest() for name in ALGORITHMS}


def test_the_hashes_are_those_of_the_whole_file_whatever_its_size(
    operator: Operator, settings: Settings, owner: Engine
) -> None:
    report = operator.submit().report
    contents = [os.urandom(size) for size in SIZES]
    for content in contents:
        assert operator.upload(report, content).hash == hashes_of(content)["md5"]
    assert [(each.size, each.file.hashes) for each in uploads(settings, owner)] == [
        (len(content), hashes_of(content)) for content in contents
    ]


def test_what_looks_like_a_boundary_is_part_of_the_file(operator: Operator) -> None:
    report = operator.submit().report
    content = b"\r\n--" + b"\r\n--a-boundary".join(os.urandom(70_000) for _ in range(3)) + b"\r\n--"
    assert operator.upload(report, content).hash == hashes_of(content)["md5"]


def test_the_file_may_come_before_its_report_s_number(operator: Operator) -> None:
    report = operator.submit().report
    file, other, number = ("a.jpg", b"first"), (None, b"left aside"), (None, f" {report} ".encode())
    answer = operator.client.post("/upload", files={"file": file, "other": other, "id": number})
    assert "<responseCode>0</responseCode>" in answer.text


def test_a_name_is_kept_as_text(operator: Operator, settings: Settings, owner: Engine) -> None:
    report = operator.submit().report
    operator.upload(report, b"a", '../../тест "x"\u202e.jpg')
    assert uploads(settings, owner)[0].file.name.startswith("../../тест")


def picture(kind: str, width: int = 400, height: int = 300, **options: object) -> bytes:
    """Waves, which are like nothing."""
    image = Image.linear_gradient("L").resize((width, height)).rotate(17, expand=False).convert("RGB")
    image.paste(Image.radial_gradient("L").resize((width // 3, height // 2)).convert("RGB"), (width // 5, height // 7))
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def grey() -> bytes:
    written = io.BytesIO()
    Image.new("L", (100, 100), 128).save(written, "PNG")
    return written.getvalue()


IMAGES: Mapping[str, tuple[bytes, bool]] = {
    "JPEG": (picture("JPEG"), True),
    "progressive JPEG": (picture("JPEG", progressive=True), True),
    "large JPEG": (picture("JPEG", 4000, 3000, quality=30), True),
    "PNG": (picture("PNG"), True),
    "WEBP": (picture("WEBP", 300, 200), True),
    "small": (picture("PNG", 64, 48), True),
    "large PNG": (picture("PNG", 2000, 1500), False),
    "large progressive JPEG": (picture("JPEG", 2000, 1500, progressive=True), False),
    "a bomb": (picture("PNG", 9000, 9000), False),
    "cut off": (picture("JPEG")[:500], False),
    "a start and nothing more": (b"\xff\xd8\xff" + os.urandom(2000), False),
    "no image": (b"RIFF" + os.urandom(3000), False),
    "all of one grey": (grey(), False),
    "more than is kept": (picture("PNG") + bytes(perceptual.ENCODED), False),
}


@pytest.mark.parametrize(("content", "has_one"), IMAGES.values(), ids=IMAGES)
def test_a_small_image_has_a_pdq_and_everything_has_the_other_hashes(
    operator: Operator, settings: Settings, owner: Engine, content: bytes, has_one: bool
) -> None:
    report = operator.submit().report
    started = time.monotonic()
    operator.upload(report, content)
    assert time.monotonic() - started < 5
    hashes = uploads(settings, owner)[0].file.hashes
    assert hashes_of(content).items() <= hashes.items()
    assert ("pdq" in hashes) == has_one
    assert not has_one or re.fullmatch("[0-9a-f]{64}", hashes["pdq"])


def test_the_same_picture_has_nearly_the_same_pdq_whatever_its_size_and_format() -> None:
    """31 of 256 bits is what PDQ's authors take for the same picture."""

    def pdq(content: bytes) -> int:
        image = perceptual.Image()
        assert image.take(memoryview(content))
        return int(image.pdq(), 16)

    one = pdq(picture("PNG"))
    for other in (picture("JPEG"), picture("JPEG", 1600, 1200), picture("JPEG", 4000, 3000, quality=30)):
        assert (one ^ pdq(other)).bit_count() <= 31
    assert (one ^ pdq(picture("PNG", 300, 400))).bit_count() > 31


@pytest.fixture
def alone(deployment: Settings) -> Iterator[tuple[Settings, int]]:
    """A process for nobody else, and its id."""
    settings = with_free_ports(deployment)
    with running(settings, "intake") as children:
        yield settings, children["intake"].pid


def streamed(settings: Settings, partner: KnownPartner, report: int, length: int, send: int) -> bytes:
    """Upload `send` bytes of an upload that says it has `length`; what came back, if anything."""
    head = HEAD.format(BOUNDARY, report).encode()
    who = b64encode(f"{partner.code}:{partner.password}".encode()).decode()
    request = (
        f"POST /ispws/upload HTTP/1.1\r\nHost: 127.0.0.1:{settings.intake_port}\r\nAuthorization: Basic {who}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"Content-Length: {len(head) + length + len(TAIL)}\r\nConnection: close\r\n\r\n"
    )
    block = bytes(range(256)) * 1024
    with socket.create_connection(("127.0.0.1", settings.intake_port), timeout=60) as line:
        line.sendall(request.encode() + head)
        for _ in range(send // len(block)):
            line.sendall(block)
        if send < length:
            return b""
        line.sendall(TAIL)
        return b"".join(iter(lambda: line.recv(65536), b""))


def resident(pid: int, field: str) -> int:
    """Bytes of memory, `VmRSS` now or `VmHWM` at most since it was reset."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))


def files_open(pid: int) -> list[str]:
    links = []
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            links.append(os.readlink(f"/proc/{pid}/fd/{name}"))
        except FileNotFoundError:
            continue
    return [link for link in links if link.startswith("/") and not link.startswith("/dev/")]


@pytest.mark.timeout(120)
def test_memory_is_flat_and_nothing_is_on_disk_however_long_the_upload(
    alone: tuple[Settings, int], settings: Settings, owner: Engine
) -> None:
    house, pid = alone
    partner = a_partner(settings, owner)
    with at_the_door(house, partner) as operator:
        report = operator.submit().report
        operator.upload(report, picture("JPEG"))  # what is loaded once
    streamed(house, partner, report, 64 * MB, 64 * MB)
    before, files = resident(pid, "VmRSS"), set(files_open(pid))
    with open(f"/proc/{pid}/clear_refs", "w") as reset:
        reset.write("5")
    assert b"<responseCode>0<" in streamed(house, partner, report, 512 * MB, 512 * MB)
    assert resident(pid, "VmHWM") - before <= 2 * MB
    assert set(files_open(pid)) <= files
    streamed(house, partner, report, 5 * GB, 256 * MB)
    assert resident(pid, "VmHWM") - before <= 2 * MB
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM report_parts")) == 3
