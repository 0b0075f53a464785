"""The proxy in front: what its configuration promises, and that nobody speaks in its name."""

import re
import ssl
from pathlib import Path

import pytest
import yaml
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.core.settings import Settings
from tests.desk.people import PAGE, trail
from tests.house import House
from tests.security.asking import API, browser

ROOT = Path(__file__).parents[2]
SPOOFED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;proto=https;host=evil.example",
    "X-User-Id": "1",
}


def _section(name: str) -> list[str]:
    """Return the directives of one section, without comments."""
    text = (ROOT / "deploy/haproxy.cfg").read_text("utf-8")
    found = re.search(rf"^{name}\n((?:[ \t#].*\n|\n)+)", text, re.MULTILINE)
    assert found, name
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in found[1].splitlines())
    return [" ".join(line.split()) for line in lines if line]


def _told(section: list[str], start: str) -> str:
    return next(line for line in section if line.startswith(start)).removeprefix(start).strip()


def test_nothing_older_than_tls_1_2_is_spoken() -> None:
    options = _told(_section("global"), "ssl-default-bind-options").split()
    assert options[options.index("ssl-min-ver") + 1] in {"TLSv1.2", "TLSv1.3"}
    assert "ssl-max-ver" not in options
    bind = _told(_section("frontend web"), "bind")
    assert " ssl " in f" {bind} "
    for word in ("ciphers", "ssl-min-ver", "force-tlsv1", "no-tlsv13"):
        assert word not in bind, "the bind line does not loosen the defaults"


def test_every_cipher_keeps_yesterdays_secrets_and_cannot_be_tampered_with() -> None:
    """The list is put to OpenSSL itself: forward secrecy and authenticated encryption alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(_told(_section("global"), "ssl-default-bind-ciphers "))
    old = [one for one in context.get_ciphers() if one["protocol"] == "TLSv1.2"]
    assert len(old) == 6
    assert {one["kea"] for one in old} == {"kx-ecdhe"}
    assert all(one["aead"] and one["strength_bits"] >= 128 for one in context.get_ciphers())
    new = _told(_section("global"), "ssl-default-bind-ciphersuites").split(":")
    assert set(new) <= {one["name"] for one in context.get_ciphers()}
    curves = _told(_section("global"), "ssl-default-bind-curves").split(":")
    assert set(curves) <= {"X25519", "P-256", "P-384", "P-521"}


def test_the_clear_door_serves_nothing_and_leads_only_people_on() -> None:
    plain = _section("frontend plain")
    refused = plain.index("http-request deny deny_status 403 if { path_beg /api/ }")
    assert refused < plain.index("http-request redirect scheme https code 308")
    assert not [line for line in plain if line.startswith(("default_backend", "use_backend"))]


def test_the_proxy_writes_over_what_a_caller_says_about_itself() -> None:
    web = _section("frontend web")
    for header in ("X-Forwarded-For", "Forwarded"):
        assert f"http-request del-header {header}" in web
    assert "http-request set-header X-Forwarded-For %[src]" in web
    assert "http-request set-header X-Forwarded-Proto https" in web
    assert web.index("http-request del-header X-Forwarded-For") < web.index(
        "http-request set-header X-Forwarded-For %[src]"
    )


def test_the_proxy_promises_tls_for_a_year_and_for_every_host_below() -> None:
    told = _told(_section("frontend web"), "http-response set-header Strict-Transport-Security")
    assert told == '"max-age=31536000; includeSubDomains"'


def test_the_proxy_keeps_what_is_for_itself_from_the_world() -> None:
    web = _section("frontend web")
    assert "http-request deny deny_status 404 if { path /readyz }" in web
    assert "http-request deny deny_status 405 if { method TRACE }" in web
    assert "option http-server-close" in _section("defaults")
    assert not [line for line in _section("defaults") if "accept-invalid" in line or "h1-" in line]
    assert _told(_section("defaults"), "timeout http-request") == "5s"


def test_addresses_in_the_proxys_log_lose_their_query() -> None:
    logged = _told(_section("frontend web"), "log-format")
    assert "%HPO" in logged
    assert not re.search(r"%(r|HU|HQ|\{Q\}r|hr|hs)\b", logged)


def test_only_the_proxy_is_reachable_and_each_part_may_as_little_as_it_can() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    assert [name for name, told in services.items() if "ports" in told] == ["proxy"]
    park = services["park"]
    assert park["read_only"] is True
    assert park["cap_drop"] == ["ALL"]
    assert park["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in str(services)
    assert "/var/run/docker.sock" not in str(services)
    assert "PARK_DEMO" not in park["environment"]


def test_forwarded_headers_are_believed_only_where_that_was_set() -> None:
    assert Settings.model_fields["trusted_proxies"].default is None
    serving = (ROOT / "app/serving.py").read_text("utf-8")
    assert "proxy_headers=settings.trusted_proxies is not None" in serving


@pytest.mark.parametrize(
    ("peer", "seen"), [("192.0.2.1", "192.0.2.1"), ("10.0.0.1", "203.0.113.9")]
)
async def test_a_proxy_nobody_named_is_not_believed(peer: str, seen: str) -> None:
    found: list[str] = []

    async def app(scope: Scope, _: Receive, __: Send) -> None:
        found.append(scope["client"][0])

    async def nothing(*_: object) -> None: ...

    guarded = ProxyHeadersMiddleware(app, trusted_hosts="10.0.0.1")  # type: ignore[arg-type]
    scope = {
        "type": "http",
        "client": (peer, 1),
        "scheme": "http",
        "headers": [(b"x-forwarded-for", b"203.0.113.9")],
    }
    await guarded(scope, nothing, nothing)  # type: ignore[arg-type]
    assert found == [seen]


async def test_what_a_caller_says_about_its_address_is_not_on_the_trail(house: House) -> None:
    async with browser(house, "http", **PAGE, **SPOOFED) as client:
        given = {"username": "nobody", "password": "x"}
        answer = await client.post(f"{API}/auth/session", json=given)
        assert answer.status_code == 401
        assert "strict-transport-security" not in answer.headers, "the scheme is not believed"
    noted = [entry for entry in await trail() if entry["verb"] == "account.sign_in"]
    assert [entry["ip"] for entry in noted] == ["127.0.0.1"]
