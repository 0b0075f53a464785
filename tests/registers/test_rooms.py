"""A room is not looked through for what stands elsewhere, and misses nothing of its own."""

import httpx
from fastapi import FastAPI

from app.registers.rooms import Room


def _house() -> FastAPI:
    app = FastAPI()
    for name in ("needs", "needs-of-others"):
        room = Room(prefix=f"/{name}")

        @room.get("")
        def whole(name: str = name) -> str:
            return name

        @room.get("/{id}/history")
        def one(id: int, name: str = name) -> str:  # noqa: A002
            return f"{name} {id}"

        app.include_router(room, prefix="/api")
    return app


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(_house()), base_url="http://park.test")


async def test_each_address_finds_its_room() -> None:
    async with _client() as client:
        assert (await client.get("/api/needs")).json() == "needs"
        assert (await client.get("/api/needs/7/history")).json() == "needs 7"
        far = await client.get("/api/needs-of-others/7/history")
        assert far.json() == "needs-of-others 7"


async def test_what_is_nowhere_is_not_found() -> None:
    async with _client() as client:
        for path in ("/api/need", "/api/needs/7/past", "/api/other/needs", "/needs"):
            assert (await client.get(path)).status_code == 404, path
        assert (await client.post("/api/needs")).status_code == 405
