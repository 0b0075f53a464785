"""What is in reach: the product and nothing beside it."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.house import House
from tests.security.asking import browser

ROOT = Path(__file__).parents[2]
_SECRETS = {"password", "passwd", "token", "secret", "totp", "otp", "apikey"}
#: Links sent to people hold their key on purpose, and logs leave it out.
_MEANT = "/api/v1/public/invitations/"


@pytest.mark.parametrize(
    "path",
    [
        *("/.git/config", "/.env", "/secret.key", "/files/", "/assets/", "/assets", "/static/"),
        *("/app/main.py", "/pyproject.toml", "/docs/openapi.json", "/web/dist/index.html"),
        *("/assets/../../pyproject.toml", "/assets/%2e%2e/%2e%2e/pyproject.toml", "/..%2fapp"),
        *("/server-status", "/metrics", "/debug", "/admin", "/actuator", "/phpinfo.php"),
    ],
)
async def test_nothing_but_the_product_is_served(house: House, path: str) -> None:
    """Neither sources nor secrets nor lists of folders, whatever a program asks for."""
    async with browser(house) as client:
        answer = await client.get(path, headers={"Accept": "*/*"}, follow_redirects=True)
    assert answer.status_code in {404, 405}, answer.text[:200]
    assert "requires-python" not in answer.text
    assert "[core]" not in answer.text


async def test_the_description_of_the_api_is_the_only_documentation_served(house: House) -> None:
    async with browser(house) as client:
        for path in ("/docs", "/redoc", "/openapi.json", "/api/v1/docs", "/docs/oauth2-redirect"):
            answer = await client.get(path, headers={"Accept": "application/json"})
            assert answer.status_code == 404, path
        described = await client.get("/api/v1/openapi.json")
        assert described.status_code == 200
        named = await client.get("/llms.txt")
        assert "/api/v1/openapi.json" in named.text, "shown on purpose"


def test_nothing_is_in_debug_mode(app: FastAPI) -> None:
    assert app.debug is False
    for file in ("app/serving.py", "Dockerfile", "compose.yaml"):
        text = (ROOT / file).read_text("utf-8")
        assert "reload=True" not in text
        assert "PYTHONASYNCIODEBUG" not in text
        assert "debug=True" not in text
    assert "server_header=False" in (ROOT / "app/serving.py").read_text("utf-8")


def test_no_secret_is_asked_for_in_an_address(app: FastAPI) -> None:
    found = []
    for path, methods in app.openapi()["paths"].items():
        for told in methods.values():
            for parameter in told.get("parameters", ()):
                words = set(parameter["name"].lower().replace("-", "_").split("_"))
                if parameter["in"] in {"query", "path"} and words & _SECRETS:
                    found.append(f"{path} {parameter['name']}")
    assert [one for one in found if not one.startswith(_MEANT)] == []
