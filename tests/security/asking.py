"""Every route of the API, asked over TLS as a browser would ask, whatever ids it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from tests.access.probes import ABSENT, Operation, described
from tests.house import House

API = "/api/v1"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PLACES = {"form": "jsonl", "scheme": "industry", "register": "needs", "move": "submit"}
_NUMBERS = ("row", "version", "page", "number")


class _Filling(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "1" if name in _NUMBERS else _PLACES.get(name, ABSENT)


@dataclass(frozen=True)
class Route:
    """One operation with an address that fits it."""

    id: str
    method: str
    path: str
    secured: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def routes(app: FastAPI) -> list[Route]:
    """Return every operation the API describes."""
    return [_route(operation) for operation in described(app.openapi())]


def _route(told: Operation) -> Route:
    return Route(told.id, told.method, told.path.format_map(_Filling()), told.secured)


def browser(house: House, scheme: str = "https", **headers: str) -> httpx.AsyncClient:
    """Return a client that follows nothing and hears of defects as an answer."""
    transport = httpx.ASGITransport(app=house.app, raise_app_exceptions=False)
    return httpx.AsyncClient(
        transport=transport, base_url=f"{scheme}://park.test", headers=headers, timeout=60
    )


def bearer(house: House, who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {house.tokens[who]}"}


def bodies(api: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the JSON schema of each operation's body, by operation."""
    found: dict[str, Mapping[str, Any]] = {}
    for methods in api["paths"].values():
        for told in methods.values():
            content = told.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                found[told["operationId"]] = content["application/json"]["schema"]
    return found
