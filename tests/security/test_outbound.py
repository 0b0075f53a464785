"""What leaves the house: by known doors only, to addresses the operator named, led on by nobody."""

import ast
import asyncio
import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.core import mail
from app.core.mail import MailFailed, Server
from app.core.settings import Settings, get_settings
from app.matching import embeddings

ROOT = Path(__file__).parents[2]
#: Modules that can open a connection, and what they open one to. Settings name every host.
DOORS = {
    "app/core/mail.py": "the mail server of PARK_SMTP_URL",
    "app/core/doctor.py": "its own address, asked by `park doctor`",
    "app/matching/embeddings.py": "the service of PARK_EMBEDDINGS_URL",
    "app/access/oidc/provider.py": "the provider of identities",
    "app/serving.py": "a probe whether the own port is free",
    "app/access/oidc/claims.py": "none: reads tokens with authlib",
    "app/access/oidc/trips.py": "none: writes addresses with authlib",
}
_NETWORK = {
    *("socket", "smtplib", "httpx", "http.client", "urllib.request", "aiohttp", "requests"),
    *("ftplib", "telnetlib", "imaplib", "poplib", "websockets", "urllib3", "authlib"),
}


def _opens(source: str) -> bool:
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        if any(n == door or n.startswith(f"{door}.") for n in names for door in _NETWORK):
            return True
    return False


def test_only_the_known_modules_can_open_a_connection() -> None:
    found = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "app").rglob("*.py")
        if _opens(file.read_text("utf-8"))
    }
    assert found - set(DOORS) == set(), (
        "a new door: name it here and in docs/operations/evidence.md"
    )


def test_a_hidden_door_would_be_found() -> None:
    assert _opens("def f():\n    from urllib.request import urlopen")
    assert _opens("import httpx as h")
    assert not _opens("from urllib.parse import quote")


def test_the_page_documents_every_door() -> None:
    page = (ROOT / "docs/operations/evidence.md").read_text("utf-8")
    for file in DOORS:
        if (ROOT / file).is_file():
            assert f"`{file}`" in page, file


def test_no_client_follows_redirects_or_skips_certificates() -> None:
    for file in DOORS:
        if not (ROOT / file).is_file():
            continue
        for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in {"follow_redirects", "verify"}:
                allowed = {"follow_redirects": False, "verify": True}[node.arg]
                told = isinstance(node.value, ast.Constant) and node.value.value is allowed
                assert told or not isinstance(node.value, ast.Constant), (file, node.lineno)
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"CERT_NONE", "_create_unverified_context"}, file


@contextmanager
def _leading_on(target: str) -> Iterator[tuple[str, list[str]]]:
    """Serve redirects to ``target``; tell which paths were asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(307)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def test_a_service_that_redirects_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with _leading_on("http://127.0.0.1:1/") as (trap, trapped):
        with _leading_on(f"{trap}/inside") as (service, asked):
            monkeypatch.setenv("PARK_EMBEDDINGS_URL", service)
            get_settings.cache_clear()
            try:
                with pytest.raises(embeddings.Failed):
                    await embeddings.embed(["text"], 5)
            finally:
                monkeypatch.undo()
                get_settings.cache_clear()
            assert asked == ["/embeddings"]
        assert trapped == []


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1:25/",
        "ftp://127.0.0.1/x",
        "dict://127.0.0.1:11211/stats",
        "127.0.0.1:8080",
        "//127.0.0.1/x",
        "http://",
    ],
)
async def test_no_other_scheme_than_the_webs_is_asked(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("PARK_EMBEDDINGS_URL", address)
    get_settings.cache_clear()
    try:
        with pytest.raises(embeddings.Failed):
            await embeddings.embed(["text"], 1)
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


@pytest.mark.parametrize("address", ["http://mail", "file:///x", "smtp://", "smtp://host:port", ""])
def test_mail_goes_to_a_mail_server_only(address: str) -> None:
    with pytest.raises(MailFailed):
        Server.of(address)


@pytest.mark.parametrize(
    "address",
    [
        "a@example.cn\r\nBcc: b@example.cn",
        "a@example.cn\nRCPT TO:<b@example.cn>",
        "a@example.cn, b@example.cn",
        "a@example.cn\x00",
        "<a@example.cn> SIZE=1",
        "a b@example.cn",
    ],
)
def test_an_address_cannot_carry_another_command(address: str) -> None:
    with pytest.raises(MailFailed):
        mail.letter(address, "subject", "text")


def test_a_subject_cannot_carry_another_header() -> None:
    told = mail.letter("a@example.cn", "hello\r\nBcc: b@example.cn\n\nbody", "text")
    assert told["Bcc"] is None
    assert "\n" not in str(told["Subject"])


def test_nothing_is_connected_to_unless_it_was_configured() -> None:
    bare = Settings.model_construct()
    assert bare.smtp_url is None
    assert bare.embeddings_url is None
    assert bare.database_url is None


def _self_signed(folder: Path) -> tuple[Path, Path]:
    """Write a key and a certificate for localhost that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begins = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "k.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return folder / "c.pem", folder / "k.pem"


async def test_a_server_with_an_unknown_certificate_hears_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[bytes] = []

    async def listening(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(1))
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_self_signed(tmp_path))
    server = await asyncio.start_server(listening, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("PARK_EMBEDDINGS_URL", f"https://localhost:{port}")
    monkeypatch.setenv("PARK_SMTP_URL", f"smtps://user:secret@localhost:{port}")
    monkeypatch.setenv("PARK_MAIL_FROM", "park@example.cn")
    get_settings.cache_clear()
    try:
        with pytest.raises(embeddings.Failed):
            await embeddings.embed(["text"], 5)
        with pytest.raises(MailFailed):
            await mail.send(mail.letter("a@example.cn", "subject", "text"))
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
        server.close()
    assert heard == []
