"""The records of the world to probe, made as people make them: through the API, step by step."""

import hashlib
from itertools import count
from typing import Any, ClassVar

from app.core.clock import today
from app.core.files import store
from app.ledgers.enterprises.credit_code import make
from tests.access.draws import Draws
from tests.access.panels import Panels
from tests.house import House, if_match

Record = dict[str, Any]
_MARK = "样例"
_PERSONAL: Record = {
    "phone": "13900003333",
    "email": "kanali@example.cn",
    "avoid_organisations": [{"organisation": "回避的甲厂"}],
}


class Records:
    """One firm, or one expert, per place; ``named`` says which record stands where."""

    FILE: ClassVar[bytes] = "文件".encode()
    FILE_SHA: ClassVar[str] = hashlib.sha256(FILE).hexdigest()

    def __init__(self, house: House) -> None:
        self._house = house
        self._serial = count(1)
        self.named: dict[str, dict[str, str]] = {}
        self.parties: dict[str, str] = {}
        self._panels = Panels(self)
        self._spare: list[str] = []

    async def fill(self) -> None:
        """Make everything."""
        store(self.FILE)
        own = await self._expert("east", "own", ["library", "match"])
        other = await self._expert("east", "neighbour", ["match"])
        far = await self._expert("west", "foreign", ["library", "match"])
        await self._expert("province", "raised", ["library", "match"])
        await self._invited("lake-park", "sibling")
        self._spare = [await self._expert("east", f"spare{n}", ["match"]) for n in range(2)]
        await Draws(self).fill()
        # first to stand by there: whoever was asked to judge is then left in peace for a month
        await self._firm("lake-park", "sibling", own)
        await self._firm("east-park", "own", own, revealed=True)
        await self._firm("east-park", "neighbour", other)
        await self._firm("west-park", "foreign", far, revealed=True)
        await self._raised()
        await self._rule("east", "own", laid_down=True)
        await self._rule("east", "neighbour")
        await self._rule("west", "foreign", laid_down=True)
        self.parties = {"enterprise": self.named["enterprises"]["own"], "expert": own}

    async def call(self, who: str, method: str, path: str, given: Any, **headers: str) -> Record:
        async with self._house.client(who, **headers) as client:
            answer = await client.request(method, f"/api/v1/{path}", json=given)
        assert answer.status_code in (200, 201), (who, path, answer.text)
        return dict(answer.json())

    async def make(self, who: str, register: str, place: str, **fields: Any) -> Record:
        made = await self.call(who, "POST", register, fields)
        self.named.setdefault(register, {})[place] = made["id"]
        return made

    async def move(self, who: str, register: str, record: Record, move: str, **form: Any) -> Record:
        path = f"{register}/{record['id']}/moves/{move}"
        return await self.call(who, "POST", path, form, **if_match(record))

    async def _expert(self, node: str, place: str, consent: list[str]) -> str:
        staff = f"centre_staff@{node}" if node != "province" else "province_staff@province"
        leader = f"centre_leader@{node}" if node != "province" else staff
        made = await self.make(
            staff,
            "experts",
            place,
            name=f"{_MARK}专家{next(self._serial)}",
            organisation="样例理工大学",
            hightech_fields=["08"],
            keywords=["行星减速器"],
            consent_given_on="2026-01-05",
            consent_scope=consent,
            **(_PERSONAL if node != "province" else {}),
        )
        verified = await self.move(staff, "experts", made, "verify")
        active = await self.move(leader, "experts", verified, "admit")
        if node != "province":
            url = f"experts/{made['id']}"
            note = {"conduct_note": "操守记事"}
            await self.call(leader, "PATCH", url, note, **if_match(active))
        return str(made["id"])

    async def _invited(self, park: str, place: str) -> None:
        who = f"station_staff@{park}-station"
        await self.make(who, "experts", place, name=f"{_MARK}受邀者", organisation="样例学院")

    async def _firm(self, park: str, place: str, expert: str, *, revealed: bool = False) -> None:
        """Make an enterprise with one of everything, and propose an expert for its need."""
        station = f"station_staff@{park}-station"
        firm = await self._enterprise(station, place)
        mine = {"enterprise_id": firm["id"]}
        await self.make(
            station, "qualifications", place, kind="other", certificate_no=f"{_MARK}{place}", **mine
        )
        need = await self._need(station, place, mine)
        log = {"kind": "visit", "enterprise_ids": [firm["id"]], "next_step": "下一步的打算"}
        await self.make(station, "service-log", place, title=f"{_MARK}走访", **log)
        project = await self._project(station, place, firm)
        await self._batch(place, park, project)
        first = [self._spare.pop()] if place == "sibling" else []
        await self._panels.of({"need_id": need["id"]}, place, park, *first, expert)
        await self.make(
            station,
            "achievements",
            place,
            title=f"{_MARK}成果{place}",
            owner_name=firm["name"],
            summary="一种减速器",
            hightech_field="08",
            trl=5,
            transfer_modes=["licence"],
            **mine,
        )
        note = {"candidate_id": expert, "note": "评语只给评的人"}
        match = await self.make(station, "matches", place, need_id=need["id"], **note)
        if revealed:
            chosen = await self.move(station, "matches", match, "choose")
            await self.move(station, "matches", chosen, "invite")

    async def _enterprise(self, station: str, place: str) -> Record:
        number = next(self._serial)
        return await self.make(
            station,
            "enterprises",
            place,
            name=f"{_MARK}隐名科技{number}有限公司",
            uscc=make("320500", f"MA{number:06d}"),
            contact_name="联系人甲某",
            contact_phone="13900001111",
        )

    async def _need(self, station: str, place: str, mine: Record) -> Record:
        need = await self.make(
            station,
            "needs",
            place,
            title=f"{_MARK}需求{place}",
            description="减速器磨损",
            hightech_field="08",
            contact_name="联系人甲某",
            contact_phone="13900002222",
            **mine,
        )
        submitted = await self.move(station, "needs", need, "submit")
        return await self.move(station, "needs", submitted, "accept")

    async def _project(self, station: str, place: str, firm: Record) -> Record:
        return await self.make(
            station,
            "projects",
            place,
            title=f"{_MARK}项目{place}",
            level="province",
            programme="重点研发",
            hightech_field="08",
            leader_name="负责人",
            summary="减速器研发",
            period_from="2026-01-01",
            period_to="2027-12-31",
            undertakers=[{"enterprise_id": firm["id"], "role": "lead"}],
        )

    async def _batch(self, place: str, park: str, project: Record) -> None:
        """Ask for an assignment of the park's one project."""
        await self.make(
            f"centre_staff@{'west' if park.startswith('west') else 'east'}",
            "assignments",
            place,
            title=f"{_MARK}指派{place}",
            project_ids=[project["id"]],
            seats=1,
            note="指派的内部备注",
        )

    async def _rule(self, city: str, place: str, *, laid_down: bool = False) -> None:
        """Draft a rule of the region, and put it into force."""
        rule = await self.make(
            f"centre_staff@{city}",
            "conflict-rules",
            place,
            code="interest",
            purpose="review",
            percent=1,
            document=f"{_MARK}评审办法{place}",
            clause="第一条",
            valid_from=today().isoformat(),
            note="从严",
        )
        if laid_down:
            await self.move(f"centre_leader@{city}", "conflict-rules", rule, "activate")

    async def _raised(self) -> None:
        """Hand records of the eastern park up: a need, a project, an achievement on offer."""
        station, centre = "station_staff@east-park-station", "centre_staff@east"
        firm = await self._enterprise(station, "raised")
        mine = {"enterprise_id": firm["id"]}
        need = await self._need(station, "raised", mine)
        up = await self.move(station, "needs", need, "escalate", reason="力所不及")
        await self.move(centre, "needs", up, "escalate", reason="力所不及")
        project = await self._project(station, "raised", firm)
        judged = {"project_id": project["id"]}
        await self._panels.of(judged, "raised", "east-park", self._spare.pop())
        for move in ("reserve", "apply"):
            project = await self.move(station, "projects", project, move)
        await self.move("committee@east-park-committee", "projects", project, "recommend")
        achievement = await self.make(
            centre,
            "achievements",
            "raised",
            title=f"{_MARK}成果挂牌",
            owner_name="样例理工大学",
            summary="一种减速器",
            hightech_field="08",
            trl=5,
            transfer_modes=["licence"],
        )
        for move in ("register", "list"):
            achievement = await self.move(centre, "achievements", achievement, move)
