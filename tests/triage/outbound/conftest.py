"""What leaves here: the courier as the worker makes it, agencies that receive, and a certificate for loopback."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import Engine

from core.keys import CourierKeys
from core.settings import Settings
from triage.outbound import channels
from triage.referrals.courier import Courier
from triage.referrals.outbox import Lane

MakeCourier = Callable[[Settings], Callable[[], None]]


@pytest.fixture
def courier_keys(settings: Settings) -> CourierKeys:
    return CourierKeys.read(settings.keys_dir)


@pytest.fixture
def a_courier(triage_engine: Engine, courier_keys: CourierKeys) -> MakeCourier:
    """With the channels that these settings give it; alarms go before the rest."""

    def make(settings: Settings) -> Callable[[], None]:
        ways, lease = channels(settings, courier_keys), timedelta(seconds=30)
        couriers = [Courier(triage_engine, courier_keys, ways, lane, lease) for lane in Lane]

        def carry() -> None:
            for courier in couriers:
                courier()

        return carry

    return make

    return make


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "loopback.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture(scope="session")
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(scope="session")
def trusting(certificate: Path) -> ssl.SSLContext:
    """A client that knows this certificate."""
    return ssl.create_default_context(cafile=str(certificate))
