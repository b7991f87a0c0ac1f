"""Requests to AWS go to whom a certificate of the well-known authorities names, and to nobody else."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from encord_lambda.errors import Retry
from tests.fakes.local_aws import requests_to


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[tuple[int, list[bytes]]]:
    """The port of a server whose certificate is its own word, and all that it could read."""
    told: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_own_word(tmp_path))

    def serve() -> None:
        for _ in range(2):  # it is tried once more
            plain, _ = listening.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as connection:
                    told.append(connection.recv(9))
            except (ssl.SSLError, ConnectionError):
                plain.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], told
        thread.join(timeout=10)


def _own_word(folder: Path) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aws")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    certificate = made.add_extension(here, critical=False).sign(key, hashes.SHA256())
    kept = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (file := folder / "impostor.pem").write_bytes(kept + certificate.public_bytes(serialization.Encoding.PEM))
    return file


def test_who_has_no_certificate_of_an_authority_is_told_nothing(impostor: tuple[int, list[bytes]]) -> None:
    port, told = impostor

    with pytest.raises(Retry, match=r"cannot read s3://b/k: MaxRetryError"):
        requests_to(f"https://127.0.0.1:{port}").fetch("b", "k", "")

    assert told == []
