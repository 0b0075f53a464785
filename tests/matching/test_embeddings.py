"""The optional endpoint adds one term; whatever it does, matching answers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from app.core.settings import get_settings
from app.matching import neighbourhood
from tests.house import House
from tests.libraries.people import STATION, active_expert, enterprise
from tests.matching.test_kinds import asked
from tests.matching.test_matches import accepted_need, group

pytestmark = pytest.mark.slow

SAME = {"title": "齿轮减速器的润滑", "abstract": "减速器的润滑。", "year": 2024, "keywords": []}


class Endpoint(BaseHTTPRequestHandler):
    """Speaks the OpenAI-compatible protocol; what it says of a text depends on one word."""

    mode: ClassVar[str] = "well"
    texts: ClassVar[list[str]] = []
    keys: ClassVar[list[str | None]] = []

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Endpoint.texts += asked["input"]
        Endpoint.keys.append(self.headers["Authorization"])
        rows: list[dict[str, Any]] = [
            {"index": at, "embedding": [1.0, 0.0] if "润滑" not in text else [0.8, 0.6]}
            for at, text in enumerate(asked["input"])
        ]
        if self.mode == "short":
            rows = rows[1:]
        body = b"no" if self.mode == "nonsense" else json.dumps({"data": rows}).encode()
        self.send_response(500 if self.mode == "error" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[type[Endpoint]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Endpoint.mode, Endpoint.texts, Endpoint.keys = "well", [], []
    monkeypatch.setenv("PARK_EMBEDDINGS_URL", f"http://127.0.0.1:{server.server_port}/v1")
    monkeypatch.setenv("PARK_EMBEDDINGS_KEY", "secret")
    get_settings.cache_clear()
    yield Endpoint
    server.shutdown()
    server.server_close()


async def test_the_endpoint_adds_a_term_once_the_library_is_learnt(
    house: House, endpoint: type[Endpoint]
) -> None:
    plain = await active_expert(house, name="齿轮者", keywords=[])
    oiled = await active_expert(house, name="润滑者", keywords=[], documents=[SAME])
    need = await accepted_need(house, await enterprise(house))
    before = await asked(house, need, STATION)
    assert before["embedding"] == "used"
    assert all(_points(c) == 0 for c in group(before, "experts")["candidates"])
    await neighbourhood.learn()
    after = await asked(house, need, STATION)
    points = {c["id"]: _points(c) for c in group(after, "experts")["candidates"]}
    assert points[plain["id"]] > points[oiled["id"]] > 0
    sent = len(endpoint.texts)
    await neighbourhood.learn()
    assert len(endpoint.texts) == sent
    assert set(endpoint.keys) == {"Bearer secret"}


def _points(candidate: dict[str, Any]) -> float:
    return float(sum(p["points"] for p in candidate["parts"] if p["part"] == "embedding"))


@pytest.mark.parametrize("mode", ["error", "nonsense", "short", "gone"])
async def test_an_endpoint_that_fails_leaves_the_words(
    house: House, endpoint: type[Endpoint], mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await active_expert(house)
    need = await accepted_need(house, await enterprise(house))
    endpoint.mode = mode
    if mode == "gone":
        monkeypatch.setenv("PARK_EMBEDDINGS_URL", "http://127.0.0.1:9/v1")
        get_settings.cache_clear()
    failed = await asked(house, need, STATION)
    assert failed["embedding"] == "failed"
    monkeypatch.delenv("PARK_EMBEDDINGS_URL")
    get_settings.cache_clear()
    off = await asked(house, need, STATION)
    assert off["embedding"] == "off"
    assert failed["groups"] == off["groups"]
