"""The proxy as it is shipped, with only addresses, ports and the certificate put in."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.walls.debian import Absent, libraries, unpacked
from bench.walls.faults.installation import free_port, until

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "deploy" / "haproxy.cfg"
_PACKAGES = ("haproxy", "liblua5.3-0", "libopentracing-c-wrapper0", "libopentracing1")


def program() -> tuple[Path, dict[str, str]]:
    """Return HAProxy and the environment it needs. Raises Absent."""
    if installed := shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin"):
        return Path(installed), {}
    folder = unpacked(*_PACKAGES)
    return folder / "usr" / "sbin" / "haproxy", {"LD_LIBRARY_PATH": str(libraries(folder))}


def put_in(text: str, plain: int, secure: int, park: int, certificate: Path) -> str:
    """Return the shipped configuration for loopback. Raises LookupError where it changed shape."""
    for what, instead in (
        (r"bind :8080\b", f"bind 127.0.0.1:{plain}"),
        (r"bind :8443\b", f"bind 127.0.0.1:{secure}"),
        (r"/etc/haproxy/certs/park\.pem", str(certificate)),
        (r"server park park:8000\b", f"server park 127.0.0.1:{park}"),
    ):
        text, times = re.subn(what, instead, text)
        if times != 1:
            raise LookupError(what)
    return text


def without_queue(text: str) -> str:
    """Return a configuration that lets everybody through at once: the control."""
    text, times = re.subn(r"maxconn 16 check", "maxconn 10000 check", text)
    if times != 1:
        raise LookupError("maxconn")
    return text


@contextmanager
def proxied(folder: Path, park: int, *, queue: bool = True) -> Iterator[int]:
    """Run the proxy in front of ``park``; give its port. Raises Absent."""
    haproxy, environment = program()
    secure = free_port()
    text = put_in(SHIPPED.read_text("utf-8"), free_port(), secure, park, certificate(folder))
    name = "queue" if queue else "no-queue"
    file = folder / f"haproxy-{name}.cfg"
    file.write_text(text if queue else without_queue(text), "utf-8")
    with (folder / f"haproxy-{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [haproxy, "-db", "-f", file],
            env=os.environ | environment,
            stdout=log,
            stderr=log,
        )
    try:
        until(lambda: _listens(process, secure, folder / f"haproxy-{name}.log"), 20)
        yield secure
    finally:
        process.terminate()
        process.wait(20)


def _listens(process: "subprocess.Popen[bytes]", port: int, log: Path) -> bool:
    if process.poll() is not None:
        raise Absent(f"HAProxy ended: {log.read_text(errors='replace')[-500:]}")
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def certificate(folder: Path) -> Path:
    """Make a certificate for this run, with its key in the same file."""
    file = folder / "park.pem"
    if file.exists():
        return file
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "park.test")])
    instant = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(instant - timedelta(days=1))
        .not_valid_after(instant + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM
    file.write_bytes(
        made.public_bytes(form)
        + key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file
