"""Projects to be judged, experts who could, a batch of both: made through the API."""

from dataclasses import dataclass, field
from typing import Any

from app.core import jobs
from tests.house import House
from tests.libraries.people import (
    API,
    CENTRE,
    STATION,
    active_expert,
    enterprise,
    made,
    moved,
)

Record = dict[str, Any]
TITLES = ("行星减速器修形技术攻关", "齿轮箱振动噪声控制", "重载齿轮齿形优化", "减速器寿命预测方法")
NAMES = ("甲一", "乙二", "丙三", "丁四", "戊五", "己六", "庚七", "辛八")


@dataclass
class Scene:
    """Who and what a test of assignments works with."""

    house: House
    firm: Record
    projects: list[Record]
    experts: list[Record]
    batch: Record = field(default_factory=dict)

    async def asked(self, **fields: Any) -> Record:
        """Make a batch of all projects."""
        given = {
            "title": "重大专项第一批",
            "project_ids": [project["id"] for project in self.projects],
            "seats": 2,
            "max_load": 3,
        }
        async with self.house.client(CENTRE) as centre:
            self.batch = await made(centre, "assignments", **given | fields)
        return self.batch

    async def move(self, name: str, who: str = CENTRE) -> Record:
        async with self.house.client(who) as client:
            self.batch = await moved(client, "assignments", self.batch, name)
        return self.batch

    async def reckoned(self) -> Record:
        """Start the batch and wait for what comes out."""
        await self.move("start")
        await jobs.drain()
        return await self.reload()

    async def reload(self) -> Record:
        async with self.house.client(CENTRE) as centre:
            self.batch = (await centre.get(f"{API}/assignments/{self.batch['id']}")).json()
        return self.batch

    async def result(self, who: str = CENTRE, **page: Any) -> Record:
        async with self.house.client(who) as client:
            answer = await client.get(f"{API}/assignments/{self.batch['id']}/result", params=page)
            assert answer.status_code == 200, answer.text
            return answer.json()  # type: ignore[no-any-return]

    async def panels(self) -> list[Record]:
        async with self.house.client(CENTRE) as centre:
            return (await centre.get(f"{API}/panels")).json()["items"]  # type: ignore[no-any-return]


async def scene(
    house: House, projects: int = 3, experts: int = 5, **beside: dict[str, Any]
) -> Scene:
    """Make projects of one enterprise, and experts; ``beside`` are further fields by name."""
    firm = await enterprise(house)
    people = [
        await active_expert(
            house,
            **{"name": name, "organisation": f"样例{name}大学"} | beside.get(name, {}),
        )
        for name in NAMES[:experts]
    ]
    async with house.client(STATION) as station:
        made_ = [
            await made(
                station,
                "projects",
                title=title,
                summary="齿轮传动在重载下磨损严重，拟优化齿形，降低振动噪声。",
                undertakers=[{"enterprise_id": firm["id"], "role": "lead"}],
            )
            for title in TITLES[:projects]
        ]
    return Scene(house, firm, made_, people)


def chosen(result: Record) -> dict[str, list[str]]:
    """Return the members of each project by their names."""
    return {
        one["project"]["label"]: [
            seat["expert"]["label"] for seat in one["seats"] if not seat["alternate"]
        ]
        for one in result["projects"]
    }
