"""A library to draw from, and a draw taken through its life: made through the API."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
import sqlalchemy as sa

from app.access.tables import Organisation
from app.core import db
from app.libraries.experts.models import ConsentScope, Expert, Expertise, ExpertState
from app.matching.drawing.chance import commitment
from app.matching.drawing.pool import fresh
from tests.house import House, if_match
from tests.libraries.people import API, CENTRE, LEADER
from tests.matching.panels.scene import NAMES

STATION = "station_staff@east-park-station"
COMMITTEE = "committee@east-park-committee"
PLAN: dict[str, Any] = {
    "title": "减速器项目论证专家抽取",
    "subject_note": "减速器项目论证",
    "concerned": [{"organisation": "东园样例减速器有限公司"}],
    "size": 5,
    "alternates": 3,
    "technical_min_percent": 60,
    "finance_min": 1,
    "offsite_min": 1,
    "division_code": "320500",
}
#: What each expert of the library is: expertise, where from.
KINDS = (
    ([Expertise.technical], "320500"),
    ([Expertise.technical], "320100"),
    ([Expertise.technical, Expertise.management], "320500"),
    ([Expertise.finance], "320500"),
    ([Expertise.finance], "320100"),
)
COUNT = 15
FITTING = 9  # of them know the matter


def name_of(place: int) -> str:
    return f"{NAMES[place % len(NAMES)]}{'一二三四五'[place // len(NAMES)]}"


async def library(house: House, count: int = COUNT) -> list[dict[str, Any]]:
    """Put experts of as many units into the library, of all kinds, as admitted long ago."""
    city = house.organisations["east"]
    rows = [_expert(place, city) for place in range(count)]
    async with db.transaction("staff") as session:
        scope = {"nodes": str(city.node_id)}
        await session.execute(sa.text("SELECT set_config('app.nodes', :nodes, true)"), scope)
        session.add_all(rows)
    return [{"id": str(row.id), "name": row.name} for row in rows]


def _expert(place: int, city: Organisation) -> Expert:
    expertise, division = KINDS[place % len(KINDS)]
    made = Expert(
        region_id=city.region_id,
        node_id=city.node_id,
        name=name_of(place),
        organisation=f"样例第{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰'[place]}研究所",
        hightech_fields=["08"],
        keywords=["行星减速器"] if place < FITTING else ["光伏"],
        expertise=expertise,
        division_code=division,
        consent_given_on=date(2026, 1, 5),
        consent_scope=list(ConsentScope)
        if place % 2
        else [ConsentScope.library, ConsentScope.match],
        state=ExpertState.active,
    )
    made.owner_id = made.id
    return made


@dataclass
class Scene:
    """One draw and the numbers its parties hold."""

    house: House
    experts: list[dict[str, Any]]
    draw: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"{API}/draws/{self.draw['id']}"

    async def plan(self, who: str = STATION, **fields: Any) -> dict[str, Any]:
        answer = await self.send(who, "POST", f"{API}/draws", PLAN | fields)
        assert answer.status_code == 201, answer.text
        self.draw = answer.json()
        return self.draw

    async def send(
        self, who: str | None, method: str, path: str, given: Any = None, **headers: str
    ) -> httpx.Response:
        async with self.house.client(who, **headers) as client:
            return await client.request(method, path, json=given)

    async def read(self, who: str = CENTRE) -> dict[str, Any]:
        answer = await self.send(who, "GET", self.path)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def attempt(self, who: str, move: str, **form: Any) -> httpx.Response:
        """Take a step against the newest version."""
        seen = await self.send(CENTRE, "GET", self.path)
        version = if_match(seen.json())
        return await self.send(who, "POST", f"{self.path}/moves/{move}", form, **version)

    async def step(self, who: str, move: str, **form: Any) -> dict[str, Any]:
        answer = await self.attempt(who, move, **form)
        assert answer.status_code == 200, (move, answer.text)
        self.draw = answer.json()
        return self.draw

    async def freeze(self) -> dict[str, Any]:
        return await self.step(CENTRE, "freeze")

    def promise(self, party: str) -> str:
        """Make a number for one party, keep it, return its hash."""
        self.numbers[party] = fresh(32)
        return commitment(self.draw["id"], party, self.numbers[party])

    async def promised(self) -> dict[str, Any]:
        """Freeze, and have both parties promise."""
        await self.freeze()
        await self.step(CENTRE, "commit", hash=self.promise("operator"))
        return await self.step(COMMITTEE, "commit", hash=self.promise("witness"))

    async def hold(self) -> dict[str, Any]:
        await self.promised()
        await self.step(COMMITTEE, "reveal", nonce=self.numbers["witness"])
        return await self.step(CENTRE, "reveal", nonce=self.numbers["operator"])

    async def release(self) -> dict[str, Any]:
        await self.hold()
        return await self.step(LEADER, "release")

    async def publish(self) -> dict[str, Any]:
        await self.release()
        return await self.step(CENTRE, "publish")

    async def people(self, who: str = CENTRE) -> dict[str, Any]:
        answer = await self.send(who, "GET", f"{self.path}/people")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def course(self, who: str = CENTRE) -> dict[str, Any]:
        answer = await self.send(who, "GET", f"{self.path}/course")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())
