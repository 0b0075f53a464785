"""Two records of one thing become one with all that named either, and apart again exactly."""

import asyncio

import httpx
import pytest

from app.registers import directory
from app.registers.doubles import beside
from app.registers.doubles.pointers import pointers_at
from tests.acts import plain
from tests.house import House, if_match
from tests.ledgers.builders import (
    CENTRE,
    COMMITTEE,
    STATION,
    Record,
    a_need,
    a_user_of,
    an_enterprise,
    an_entry,
    call,
    read,
)
from tests.libraries.people import LEADER, active_expert, made, moved
from tests.registers.dumping import differences, dump

PHONE, OTHER_PHONE = "13900007777", "13911117777"
FILE = {"file": ("说明.txt", "内容".encode(), "text/plain")}


async def merge(
    house: House, who: str, register: str, this: Record, other: Record, **take: str
) -> httpx.Response:
    asked = {"other": other["id"], "other_version": other["version"], "take": take}
    path = f"/{register}/{this['id']}/merge"
    return await call(house, who, "POST", path, asked, **if_match(this))


async def again(house: House, who: str, register: str, *records: Record) -> list[Record]:
    return [await read(house, who, register, one) for one in records]


async def observed(house: House, firm: Record, **figure: str) -> None:
    given = {"indicator": "employees", "period": "2025", "value": "30", "source_kind": "statistics"}
    path = f"/enterprises/{firm['id']}/observations"
    answer = await call(house, STATION, "POST", path, given | figure)
    assert answer.status_code in (200, 201), answer.text


class World:
    """Two records of one firm, with everything that may name a firm."""

    async def make(self, house: House) -> "World":
        self.one = await an_enterprise(house, name="样例精密机械有限公司", contact_phone=PHONE)
        self.two = await an_enterprise(
            house, name="样例精密机械有限责任公司", contact_phone=OTHER_PHONE, address="新址"
        )
        self.third = await an_enterprise(house)
        await observed(house, self.one)
        await observed(house, self.two, value="31")  # of the same source and year: stays behind
        await observed(house, self.two, period="2024", value="28")
        self.user = await a_user_of(house, self.two)
        self.need = await a_need(house, self.user)
        self.entry = await an_entry(house, STATION, [self.two, self.third])
        self.wide = await an_entry(house, CENTRE, [self.one, self.two])  # the park's sees it not
        self.certificate = await self._certificate(house)
        async with house.client(CENTRE) as client:
            undertakers = [{"enterprise_id": self.two["id"], "role": "lead"}]
            self.project = await made(
                client,
                "projects",
                title="低噪声减速器研制",
                kind="cooperation",
                undertakers=undertakers,
            )
            self.offered = await made(
                client,
                "achievements",
                title="低噪声减速器",
                owner_name="样例精密机械",
                kind="product",
                hightech_field="08",
                trl=7,
                transfer_modes=["licence"],
                summary="一种减速器",
                enterprise_id=self.two["id"],
            )
            await moved(client, "achievements", self.offered, "register")
            await moved(client, "achievements", self.offered, "list")
        async with house.client(STATION) as client:
            path = f"/api/v1/enterprises/{self.two['id']}/attachments"
            self.file = (await client.post(path, files=FILE)).json()
        self.one, self.two = await again(house, STATION, "enterprises", self.one, self.two)
        return self

    async def _certificate(self, house: House) -> Record:
        given = {"enterprise_id": self.two["id"], "kind": "gazelle", "certificate_no": "D-1"}
        answer = await call(house, STATION, "POST", "/qualifications", given)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@pytest.fixture
async def world(house: House) -> World:
    return await World().make(house)


async def test_everything_that_named_either_names_the_survivor(house: House, world: World) -> None:
    one, two = world.one, world.two
    seen = await call(house, STATION, "GET", f"/enterprises/{one['id']}/merge/{two['id']}")
    told = seen.json()
    assert told["possible"] is True, told
    suggested = {f["field"]: f["suggested"] for f in told["fields"]}
    assert (suggested["address"], suggested["name"]) == ("other", "this")
    following = {line["label"]: line["count"] for line in told["following"]}
    assert "需求台账" not in following  # a draft the station does not see follows untold
    assert following["企业资质"] == 1
    assert following["附件"] == 1
    done = await merge(
        house, STATION, "enterprises", one, two, contact_phone="other", address="other"
    )
    assert done.status_code == 200, done.text
    now_ = await read(house, STATION, "enterprises", one)
    assert await plain(house, STATION, "enterprises", one) == {"contact_phone": OTHER_PHONE}
    assert (now_["address"], now_["uscc"]) == ("新址", one["uscc"])
    assert now_["employees"] == 30
    for register, record, who in (
        ("needs", world.need, world.user),
        ("qualifications", world.certificate, STATION),
        ("achievements", world.offered, CENTRE),
    ):
        assert (await read(house, who, register, record))["enterprise_id"] == one["id"], register
    entry = await read(house, STATION, "service-log", world.entry)
    assert entry["enterprise_ids"] == [one["id"], world.third["id"]]
    wide = await read(house, CENTRE, "service-log", world.wide)
    assert wide["enterprise_ids"] == [one["id"]]
    project = await read(house, CENTRE, "projects", world.project)
    assert (project["undertakers"][0]["enterprise_id"], project["owner_id"]) == (one["id"],) * 2
    files = await call(house, STATION, "GET", f"/enterprises/{one['id']}/attachments")
    assert [f["id"] for f in files.json()["items"]] == [world.file["id"]]
    mine = await call(house, world.user, "GET", f"/enterprises/{one['id']}")
    assert mine.status_code == 200  # the account speaks for the survivor
    history = (await call(house, STATION, "GET", f"/needs/{world.need['id']}/history")).json()
    assert history.get("items", []) == []  # the draft's history is not the station's
    seen = await call(house, world.user, "GET", f"/needs/{world.need['id']}/history")
    assert [v["verb"] for v in seen.json()["items"]] == ["merge", "create"]


async def test_the_old_address_leads_to_the_survivor(house: House, world: World) -> None:
    one, two = world.one, world.two
    assert (await merge(house, STATION, "enterprises", one, two)).status_code == 200
    old = f"/enterprises/{two['id']}"
    led = await call(house, STATION, "GET", old)
    assert (led.status_code, led.headers["location"]) == (307, one["id"])
    far = await call(house, "station_staff@lake-park-station", "GET", old)
    assert far.status_code == 404
    listed = (await call(house, STATION, "GET", "/enterprises", None)).json()["items"]
    assert two["id"] not in {record["id"] for record in listed}
    # and on, when the survivor goes into a third
    (now_,) = await again(house, STATION, "enterprises", one)
    assert (await merge(house, STATION, "enterprises", world.third, now_)).status_code == 200
    led = await call(house, STATION, "GET", old)
    assert led.headers["location"] == world.third["id"]


async def test_a_merge_is_taken_apart_exactly(house: House, world: World) -> None:
    one, two = world.one, world.two
    before = dump()
    done = await merge(
        house,
        STATION,
        "enterprises",
        one,
        two,
        uscc="other",
        contact_phone="other",
        name="other",
    )
    assert done.status_code == 200, done.text
    changed = differences(before, dump())
    assert set(changed) >= {
        "enterprise",
        "need",
        "qualification",
        "service_log_entry",
        "project",
        "achievement",
        "attachment",
        "observation",
        "party_link",
        "hat",
        "secret_value",
    }
    binned = (await call(house, STATION, "GET", "/undo")).json()
    lost = next(one for one in binned["bin"] if one["id"] == two["id"])
    assert (lost["becomes"], lost["possible"]) == ("unmerged", True)
    apart = await call(house, STATION, "POST", f"/undo/{lost['batch']}")
    assert apart.status_code == 200, apart.text
    assert not differences(before, dump())
    assert await plain(house, STATION, "enterprises", two) == {"contact_phone": OTHER_PHONE}
    twice = await call(house, STATION, "POST", f"/undo/{lost['batch']}")
    assert twice.status_code == 409
    one, two = await again(house, STATION, "enterprises", one, two)
    assert (await merge(house, STATION, "enterprises", two, one)).status_code == 200


async def test_what_changed_since_keeps_a_merge_together(house: House, world: World) -> None:
    one, two = world.one, world.two
    done = await merge(house, STATION, "enterprises", one, two)
    (need,) = await again(house, world.user, "needs", world.need)
    path = f"/needs/{need['id']}"
    changed = await call(house, world.user, "PATCH", path, {"title": "新题目"}, **if_match(need))
    assert changed.status_code == 200, changed.text
    refused = await call(
        house,
        STATION,
        "POST",
        f"/enterprises/{one['id']}/undo",
        **{"If-Match": f'"{done.json()["version"]}"'},
    )
    assert refused.status_code == 409, refused.text
    said = refused.json()["detail"]
    assert "测试enterprise" in said
    assert "新题目" not in said  # a draft the station does not see


async def test_undoing_the_last_change_of_a_merged_record_undoes_the_merge(
    house: House, world: World
) -> None:
    before = dump()
    done = await merge(house, STATION, "enterprises", world.one, world.two)
    told = (await call(house, STATION, "GET", f"/enterprises/{world.one['id']}/undo")).json()
    assert (told["becomes"], told["possible"]) == ("unmerged", True)
    version = {"If-Match": f'"{done.json()["version"]}"'}
    apart = await call(house, STATION, "POST", f"/enterprises/{world.one['id']}/undo", **version)
    assert apart.json()["became"] == "unmerged", apart.text
    assert not differences(before, dump())


async def test_who_may_not_is_told_who_may(house: House, world: World) -> None:
    one, two = world.one, world.two
    for who in (COMMITTEE, CENTRE, world.user):
        refused = await merge(house, who, "enterprises", one, two)
        assert refused.status_code in (403, 404), (who, refused.text)
    refused = await merge(house, CENTRE, "enterprises", one, two)
    assert "工作站工作人员" in refused.json()["detail"]
    itself = await merge(house, STATION, "enterprises", one, one)
    assert itself.status_code == 403
    stale = await merge(house, STATION, "enterprises", one, two | {"version": 1})
    assert stale.status_code == 412
    unknown = await merge(house, STATION, "enterprises", one, two, no_such="other")
    assert unknown.status_code == 422
    far = await an_enterprise(house, "lake-park")
    hidden = await merge(house, STATION, "enterprises", one, far)
    assert hidden.status_code == 404
    user = await a_user_of(house, one)
    needs = [await a_need(house, user) for _ in range(2)]
    never = await merge(house, user, "needs", *needs)
    assert (never.status_code, "办理步骤" in never.json()["detail"]) == (403, True)


async def test_two_merges_at_once_leave_one(house: House, world: World) -> None:
    one, two = world.one, world.two
    answers = await asyncio.gather(
        merge(house, STATION, "enterprises", one, two),
        merge(house, STATION, "enterprises", two, one),
        merge(house, STATION, "enterprises", world.third, two),
    )
    assert [answer.status_code for answer in answers].count(200) == 1
    rows = dump()["enterprise"]
    assert sum("'deleted_at': None" in row for row in rows) == 2


async def test_a_certificate_both_have_is_named_before_anything_happens(
    house: House, world: World
) -> None:
    given = {"enterprise_id": world.one["id"], "kind": "gazelle", "certificate_no": "D-1"}
    answer = await call(house, STATION, "POST", "/qualifications", given)
    assert answer.status_code == 201
    before = dump()
    refused = await merge(house, STATION, "enterprises", world.one, world.two)
    assert (refused.status_code, "同一张证书" in refused.json()["detail"]) == (409, True)
    assert not differences(before, dump())


async def test_experts_merge_with_their_personal_values(house: House) -> None:
    one = await active_expert(house, phone=PHONE)
    two = await active_expert(house, phone=OTHER_PHONE, email="b@example.cn")
    before = dump()
    done = await merge(house, LEADER, "experts", one, two, phone="other", email="other")
    assert done.status_code == 200, done.text
    now_ = await read(house, LEADER, "experts", one)
    told = {"phone": OTHER_PHONE, "email": "b@example.cn"}
    assert await plain(house, LEADER, "experts", one) == told
    version = {"If-Match": f'"{now_["version"]}"'}
    apart = await call(house, LEADER, "POST", f"/experts/{one['id']}/undo", **version)
    assert apart.status_code == 200, apart.text
    assert not differences(before, dump())


def test_every_column_that_names_a_record_is_known() -> None:
    """A foreign key to a register's table that no pointer covers would keep the old record."""
    missing = []
    for target in directory.everything():
        covered = {(p.register.row.__tablename__, p.name) for p in pointers_at(target)}
        for register in directory.everything():
            for key in register.row.__table__.foreign_key_constraints:
                if key.referred_table is not target.row.__table__:
                    continue
                names = [c.name for c in key.columns if c.name != "region_id"]
                missing += [
                    (register.name, n)
                    for n in names
                    if (register.row.__tablename__, n) not in covered and not target.evidence
                ]
    assert not missing


def test_tables_beside_a_record_follow_unless_they_say_so() -> None:
    names = {table.name for table in beside.tables()}
    assert {"attachment", "observation", "comment", "follower"} <= names
    assert not names & {"record_version", "secret_value", "secret_version", "published"}
