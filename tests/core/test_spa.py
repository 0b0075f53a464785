"""How the built page is served: for ever, compressed, to navigations only, never for the API."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.core import http, spa

HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncClient:
    """Serve a tiny page of two files, one of them compressed beforehand."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>page</title>")
    (assets / "app-1a2b.js").write_text("plain")
    (assets / "app-1a2b.js.br").write_bytes(b"brotli")
    (assets / "app-1a2b.js.gz").write_bytes(b"zipped")
    monkeypatch.setattr(spa, "built_page", lambda: tmp_path)
    app = FastAPI()
    http.install(app)

    @app.post("/api/v1/needs")
    def _() -> None: ...

    assert spa.mount_spa(app)
    return AsyncClient(transport=ASGITransport(app), base_url="http://park")


async def test_a_navigation_to_any_address_gets_the_page(
    client: AsyncClient,
) -> None:
    answer = await client.get("/r/needs/1", headers=HTML)
    assert answer.status_code == 200
    assert "<title>page</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


async def test_the_page_forbids_foreign_and_inline_scripts(client: AsyncClient) -> None:
    policy = (await client.get("/", headers=HTML)).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


async def test_an_unknown_api_address_is_a_problem_to_navigations_too(
    client: AsyncClient,
) -> None:
    answer = await client.get("/api/v1/nothing", headers=HTML)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_wrong_method_stays_a_wrong_method(client: AsyncClient) -> None:
    assert (await client.get("/api/v1/needs", headers=HTML)).status_code == 405


async def test_a_program_asking_for_an_unknown_file_gets_no_page(client: AsyncClient) -> None:
    answer = await client.get("/robots.txt", headers={"accept": "text/plain"})
    assert answer.status_code == 404


async def test_an_asset_is_kept_for_ever(client: AsyncClient) -> None:
    answer = await client.get("/assets/app-1a2b.js", headers={"accept-encoding": "identity"})
    assert answer.text == "plain"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "br"), ("gzip", "gzip")])
async def test_an_asset_is_sent_compressed_to_whoever_takes_it(
    client: AsyncClient, accepted: str, encoding: str
) -> None:
    asked = {"accept-encoding": accepted}
    async with client.stream("GET", "/assets/app-1a2b.js", headers=asked) as sent:
        assert sent.headers["content-encoding"] == encoding
        assert sent.headers["content-type"].startswith("text/javascript")
        assert sent.headers["vary"] == "Accept-Encoding"


async def test_an_asset_that_is_gone_is_not_the_page(client: AsyncClient) -> None:
    assert (await client.get("/assets/app-9z9z.js", headers=HTML)).status_code == 404


def test_without_a_built_page_the_api_serves_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spa, "built_page", lambda: None)
    assert not spa.mount_spa(FastAPI())
