"""A project to judge, experts to judge it, a panel of them: made through the API."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.access import sessions, tokens
from app.access.roles import Role, Wall
from app.access.tables import Hat, Session
from app.core import db, jobs
from app.core.clock import now
from app.core.settings import get_settings
from tests.house import House, if_match
from tests.libraries.people import (
    API,
    CENTRE,
    LEADER,
    STATION,
    active_expert,
    enterprise,
    made,
    moved,
    speaks_for,
)

CRITERIA: list[dict[str, Any]] = [
    {"name": "创新性", "max_points": "40"},
    {"name": "可行性", "max_points": "40"},
    {"name": "效益", "max_points": "20", "help": "经济和社会效益"},
]
NAMES = ("甲一", "乙二", "丙三", "丁四", "戊五", "己六", "庚七", "辛八")


@dataclass
class Scene:
    """Who and what a test of panels works with."""

    house: House
    firm: dict[str, Any]
    project: dict[str, Any]
    experts: list[dict[str, Any]]
    accounts: list[str]
    panel: dict[str, Any] = field(default_factory=dict)

    async def centre(self, move: str, **form: Any) -> dict[str, Any]:
        """Take a step with the panel as the centre's staff."""
        return await self._by(CENTRE, move, form)

    async def leader(self, move: str, **form: Any) -> dict[str, Any]:
        return await self._by(LEADER, move, form)

    async def _by(self, who: str, move: str, form: dict[str, Any]) -> dict[str, Any]:
        async with self.house.client(who) as client:
            self.panel = await moved(client, "panels", self.panel, move, **form)
        return self.panel

    async def seats(self) -> dict[str, Any]:
        async with self.house.client(CENTRE) as centre:
            answer = await centre.get(f"{API}/panels/{self.panel['id']}/seats")
            assert answer.status_code == 200, answer.text
            return answer.json()  # type: ignore[no-any-return]

    async def seat(self, place: int) -> dict[str, Any]:
        """Return the seat of the expert at ``place`` of the scene."""
        wanted = self.experts[place]["id"]
        items = (await self.seats())["items"]
        return next(item for item in items if item["expert_id"] == wanted)

    async def answer(self, place: int, move: str, **form: Any) -> dict[str, Any]:
        """Have an expert answer with an account."""
        seat = await self.seat(place)
        async with self.house.client(self.accounts[place]) as own:
            return await moved(own, "reviews", {"id": seat["review_id"]}, move, **form)

    async def states(self) -> dict[str, str]:
        """Return the state of each seat by the expert's name."""
        return {item["expert"]: item["state"] for item in (await self.seats())["items"]}

    async def hand_in(self, place: int, *points: str, opinion: str = "approve") -> dict[str, Any]:
        """Have an expert hand in a sheet."""
        given = sheet(*(points or ("30", "30", "10")), opinion=opinion)
        return await self.answer(place, "submit", **given)

    async def also_leader(self, who: str) -> str:
        """Give the account behind ``who`` the leader's hat too; return the name to call it by."""
        claims = tokens.read(get_settings().secret(), self.house.tokens[who])
        async with db.transaction("staff") as session:
            known = await session.get_one(Session, claims.session_id)
            worn = await session.get_one(Hat, known.hat_id)
            hat = Hat(
                account_id=known.account_id,
                role=Role.centre_leader,
                organisation_id=worn.organisation_id,
            )
            session.add(hat)
            await session.flush()
            other = Session(
                account_id=known.account_id, hat_id=hat.id, expires_at=now() + timedelta(hours=1)
            )
            session.add(other)
            await session.flush()
        name = f"{who}+leader"
        self.house.tokens[name] = sessions.access_token(other.id, Wall.staff, 3600)
        return name

    async def declare_avoided(self, place: int, organisation: str) -> None:
        """Have an expert declare an organisation they do not deal with."""
        url = f"{API}/experts/{self.experts[place]['id']}"
        async with self.house.client(self.accounts[place]) as own:
            read = (await own.get(url)).json()
            given = {"avoid_organisations": [{"organisation": organisation}]}
            answer = await own.patch(url, json=given, headers=if_match(read))
            assert answer.status_code == 200, answer.text

    async def reload(self) -> dict[str, Any]:
        async with self.house.client(CENTRE) as centre:
            self.panel = (await centre.get(f"{API}/panels/{self.panel['id']}")).json()
        return self.panel


def sheet(
    *points: str, opinion: str = "approve", comment: str | None = "论证充分"
) -> dict[str, Any]:
    scores = [{"criterion": f"c{n}", "points": given} for n, given in enumerate(points, 1)]
    return {"scores": scores, "opinion": opinion, "comment": comment}


async def scene(house: House, count: int = 4) -> Scene:
    """Make a project of an enterprise and ``count`` experts with accounts."""
    firm = await enterprise(house)
    experts, accounts = [], []
    for name in NAMES[:count]:
        expert = await active_expert(house, name=name, organisation=f"样例{name}大学")
        experts.append(expert)
        accounts.append(await speaks_for(house, "experts", expert, "east"))
    async with house.client(STATION) as station:
        project = await made(
            station,
            "projects",
            title="行星减速器修形技术攻关",
            summary="行星减速器在重载下磨损严重，拟优化齿形。",
            undertakers=[{"enterprise_id": firm["id"], "role": "lead"}],
        )
    return Scene(house, firm, project, experts, accounts)


async def panel(there: Scene, size: int = 3, **fields: Any) -> dict[str, Any]:
    """Make a panel of the scene's experts; those beyond ``size`` are alternates."""
    given = {
        "title": "行星减速器项目论证",
        "project_id": there.project["id"],
        "experts": [expert["id"] for expert in there.experts],
        "size": size,
        "criteria": CRITERIA,
    }
    async with there.house.client(CENTRE) as centre:
        there.panel = await made(centre, "panels", **given | fields)
    return there.panel


async def accepted(there: Scene, size: int = 3) -> None:
    """Have everybody invited accept, and the house confirm the panel."""
    await there.centre("invite")
    for place in range(size):
        await there.answer(place, "accept")
    await jobs.drain()
    assert (await there.reload())["state"] == "confirmed"


async def declared(there: Scene, size: int = 3) -> None:
    """Have the scoring begun and everybody's pledge signed."""
    await accepted(there, size)
    await there.centre("begin")
    for place in range(size):
        await there.answer(place, "declare", pledge=True, no_conflict=True)


MARKS = (("36", "30", "18"), ("20", "24", "10"), ("30", "30", "15.5"))
OPINIONS = ("approve", "reject", "approve_with_changes")


async def opened(there: Scene) -> None:
    """Have three sheets handed in, locked, and opened."""
    await declared(there)
    for place, (points, opinion) in enumerate(zip(MARKS, OPINIONS, strict=True)):
        done = await there.hand_in(place, *points, opinion=opinion)
        assert done["state"] == "submitted"
    locked = await there.centre("lock")
    assert len(locked["seal"]) == 64
    await there.leader("open")


async def published(there: Scene) -> dict[str, Any]:
    """Have the conclusion drafted and published."""
    read = await there.reload()
    draft = {"conclusion_draft": "approve_with_changes", "opinion_draft": "修改后实施。"}
    async with there.house.client(CENTRE) as centre:
        url = f"{API}/panels/{read['id']}"
        answer = await centre.patch(url, json=draft, headers=if_match(read))
        assert answer.status_code == 200, answer.text
    return await there.leader("publish")


async def summary(house: House, who: str, record: dict[str, Any]) -> dict[str, Any]:
    async with house.client(who) as client:
        answer = await client.get(f"{API}/panels/{record['id']}/summary")
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]
