"""A need between a station and its enterprise, and everybody who may or may not talk about it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.database_roles import owner_url
from tests.house import House
from tests.libraries.people import API, STATION, enterprise, speaks_for
from tests.matching.test_matches import accepted_need

BODY = "应尽快联系企业，核实磨损的工况。"


@dataclass
class Scene:
    house: House
    need: dict[str, Any]
    owner: str  # who speaks for the enterprise the need is of

    @property
    def url(self) -> str:
        return f"{API}/needs/{self.need['id']}"

    async def ask(self, who: str, method: str, path: str, **given: Any) -> Any:
        """Return the answer's body. It must have the ``status`` given, else be 2xx."""
        status = given.pop("status", None)
        async with self.house.client(who) as client:
            answer = await client.request(method, path, **given)
        assert answer.status_code == status if status else answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def comment(self, who: str, text: str = BODY, **given: Any) -> Any:
        return await self.ask(who, "POST", f"{self.url}/comments", json={"text": text} | given)

    async def comments(self, who: str) -> list[str]:
        told = await self.ask(who, "GET", f"{self.url}/comments")
        return [one["text"] for one in told["items"]]

    async def person(self, who: str, q: str, **query: Any) -> str:
        """Return the id to mention somebody by."""
        told = await self.ask(who, "GET", f"{self.url}/mentionable", params={"q": q} | query)
        return str(told["items"][0]["id"])

    async def told(self, who: str) -> list[str]:
        found = await self.ask(who, "GET", f"{API}/notifications")
        return [one["text"] for one in found["items"]]

    async def unread(self, who: str) -> int:
        return int((await self.ask(who, "GET", f"{API}/notifications/unread"))["count"])


async def scene(house: House) -> Scene:
    firm = await enterprise(house)
    need = await accepted_need(house, firm)
    as_owner("DELETE FROM notification")  # of the way there
    return Scene(house, need, await speaks_for(house, "enterprises", firm, "east-park"))


def as_owner(statement: str, **params: Any) -> list[Any]:
    """Do something in the database that no person could."""
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.begin() as connection:
        found = connection.execute(sa.text(statement), params)
        return list(found.all()) if found.returns_rows else []


__all__ = ["STATION"]
