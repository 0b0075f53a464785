"""What was done last can be taken back for thirty days, exactly, by who did it or may revise."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.core import clock
from app.core.clock import now
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
    move,
    read,
)
from tests.libraries.people import LEADER, active_expert, made, moved
from tests.registers.dumping import differences, dump

PHONE, OTHER_PHONE = "13900007777", "13911117777"


@pytest.fixture(autouse=True)
def _running_clock() -> Any:
    yield
    clock.say(None)


async def patched(house: House, who: str, register: str, record: Record, **fields: Any) -> Record:
    answer = await call(
        house, who, "PATCH", f"/{register}/{record['id']}", fields, **if_match(record)
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def undo(
    house: House, who: str, register: str, record: Record, version: int | None = None
) -> httpx.Response:
    told = {"If-Match": f'"{version or record["version"]}"'}
    return await call(house, who, "POST", f"/{register}/{record['id']}/undo", **told)


async def offer(house: House, who: str, register: str, record: Record) -> Record:
    answer = await call(house, who, "GET", f"/{register}/{record['id']}/undo")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_revision_is_taken_back_exactly_with_its_secrets_and_back_again(
    house: House,
) -> None:
    firm = await an_enterprise(house, contact_phone=PHONE, remark="先前")
    before = dump()
    changed = await patched(
        house, STATION, "enterprises", firm, contact_phone=OTHER_PHONE, remark=None, address="新址"
    )
    after = dump()
    told = await offer(house, STATION, "enterprises", changed)
    assert (told["possible"], told["becomes"], told["verb"]) == (True, "changed", "revise")
    assert {c["field"] for c in told["changes"]} >= {"remark", "address"}
    answer = await undo(house, STATION, "enterprises", changed)
    assert answer.status_code == 200, answer.text
    assert not differences(before, dump())
    now_ = await read(house, STATION, "enterprises", firm)
    assert (now_["remark"], now_["version"]) == ("先前", 3)
    assert await plain(house, STATION, "enterprises", firm) == {"contact_phone": PHONE}
    again = await undo(house, STATION, "enterprises", now_)
    assert again.status_code == 200, again.text
    assert not differences(after, dump())
    assert await plain(house, STATION, "enterprises", firm) == {"contact_phone": OTHER_PHONE}


async def test_a_deletion_is_taken_back_and_a_creation_sets_aside(house: House) -> None:
    firm = await an_enterprise(house, contact_phone=PHONE)
    before = dump()
    gone = await call(house, STATION, "DELETE", f"/enterprises/{firm['id']}", **if_match(firm))
    assert gone.status_code == 204
    missing = await call(house, COMMITTEE, "GET", f"/enterprises/{firm['id']}/undo")
    assert missing.status_code == 404
    told = await offer(house, STATION, "enterprises", firm)
    assert (told["becomes"], told["possible"]) == ("back", True)
    binned = (await call(house, STATION, "GET", "/undo")).json()
    assert [one["id"] for one in binned["bin"]] == [firm["id"]]
    assert binned["bin"][0]["title"] == firm["name"]
    assert (await call(house, COMMITTEE, "GET", "/undo")).json() == {"mine": [], "bin": []}
    back = await undo(house, STATION, "enterprises", firm, 2)
    assert back.json()["became"] == "back", back.text
    assert not differences(before, dump())
    found = await call(house, STATION, "GET", "/enterprises", None)
    assert [one["id"] for one in found.json()["items"]] == [firm["id"]]

    fresh = await an_enterprise(house)
    told = await offer(house, STATION, "enterprises", fresh)
    assert told["becomes"] == "deleted"
    assert (await undo(house, STATION, "enterprises", fresh)).json()["became"] == "deleted"
    assert (await call(house, STATION, "GET", f"/enterprises/{fresh['id']}")).status_code == 404


async def test_a_deleted_expert_comes_back_with_personal_values(house: House) -> None:
    expert = await active_expert(house, phone=PHONE)
    before = dump()
    path = f"/experts/{expert['id']}"
    gone = await call(house, LEADER, "DELETE", path, **if_match(expert))
    assert gone.status_code == 204, gone.text
    assert not dump()["secret_value"]
    back = await undo(house, LEADER, "experts", expert, expert["version"] + 1)
    assert back.status_code == 200, back.text
    assert not differences(before, dump())
    assert await plain(house, LEADER, "experts", expert) == {"phone": PHONE}


async def test_who_changed_it_since_is_named_and_nothing_is_undone(house: House) -> None:
    firm = await an_enterprise(house)
    mine = await patched(house, STATION, "enterprises", firm, remark="甲")
    user = await a_user_of(house, firm)
    theirs = await patched(house, user, "enterprises", mine, main_products="减速器")
    refused = await undo(house, STATION, "enterprises", mine)
    assert refused.status_code == 409
    said = refused.json()["detail"]
    assert "测试enterprise" in said
    assert firm["name"] in said
    assert (await read(house, STATION, "enterprises", firm))["version"] == theirs["version"]


async def test_a_step_figures_and_what_is_old_are_not_undone_and_words_say_why(
    house: House,
) -> None:
    firm = await an_enterprise(house)
    left = await move(
        house, STATION, "enterprises", firm, "leave", {"reason": "迁出", "exited_on": "2026-01-05"}
    )
    told = await offer(house, STATION, "enterprises", left)
    assert (told["possible"], "办理步骤" in told["why"]) == (False, True)
    assert (await undo(house, STATION, "enterprises", left)).status_code == 403

    other = await an_enterprise(house)
    changed = await patched(house, STATION, "enterprises", other, remark="乙")
    clock.say(now() + timedelta(days=31))
    refused = await undo(house, STATION, "enterprises", changed)
    assert refused.status_code in (401, 403), refused.text


async def test_others_may_not_undo_what_they_could_not_do(house: House) -> None:
    firm = await an_enterprise(house)
    changed = await patched(house, STATION, "enterprises", firm, remark="丙")
    refused = await undo(house, COMMITTEE, "enterprises", changed)
    assert refused.status_code == 403
    told = await offer(house, COMMITTEE, "enterprises", changed)
    assert (told["possible"], "工作站" in told["why"]) == (False, True)
    far = await undo(house, "station_staff@lake-park-station", "enterprises", changed)
    assert far.status_code == 404
    user = await a_user_of(house, firm)
    not_its_field = await undo(house, user, "enterprises", changed)
    assert not_its_field.status_code == 403  # it writes no such remark, so it takes none back
    both = await patched(house, STATION, "enterprises", changed, main_products="减速器")
    assert (await undo(house, user, "enterprises", both)).status_code == 200


async def test_what_follows_a_write_follows_its_undoing(house: House) -> None:
    """An entry's enterprises see it or not; what is on offer is public or not."""
    one, two = await an_enterprise(house), await an_enterprise(house)
    user = await a_user_of(house, two)
    entry = await an_entry(house, STATION, [one])
    before = dump()
    wider = await patched(
        house, STATION, "service-log", entry, enterprise_ids=[one["id"], two["id"]]
    )
    assert (await call(house, user, "GET", f"/service-log/{entry['id']}")).status_code == 200
    assert (await undo(house, STATION, "service-log", wider)).status_code == 200
    assert not differences(before, dump())
    assert (await call(house, user, "GET", f"/service-log/{entry['id']}")).status_code == 404

    async with house.client(CENTRE) as client:
        offered = await made(
            client,
            "achievements",
            title="齿轮修形方法",
            owner_name="样例精密机械",
            kind="product",
            hightech_field="08",
            trl=7,
            transfer_modes=["licence"],
            enterprise_id=one["id"],
            summary="先前的话",
        )
        offered = await moved(client, "achievements", offered, "register")
        offered = await moved(client, "achievements", offered, "list")
    before = dump()
    assert len(before["published"]) == 1
    changed = await patched(house, CENTRE, "achievements", offered, summary="后来的话")
    assert "后来的话" in dump()["published"][0]
    assert (await undo(house, CENTRE, "achievements", changed)).status_code == 200
    assert not differences(before, dump())


async def test_a_bulk_edit_is_taken_back_as_one_act(house: House) -> None:
    firms = [await an_enterprise(house) for _ in range(3)]
    before = dump()
    rows = [{"id": one["id"], "version": one["version"]} for one in firms]
    done = (
        await call(
            house,
            STATION,
            "POST",
            "/enterprises/batch",
            {"rows": rows, "patch": {"remark": "一批"}, "dry_run": False},
        )
    ).json()
    assert done["changed"] == 3, done
    batch = done["batch_id"]
    (act,) = (await call(house, STATION, "GET", "/undo")).json()["mine"]
    assert (act["batch"], act["count"]) == (batch, 3)
    now_ = await read(house, STATION, "enterprises", firms[0])
    await patched(house, STATION, "enterprises", now_, address="之后")
    refused = await call(house, STATION, "POST", f"/undo/{batch}")
    assert refused.status_code == 409, refused.text
    assert firms[0]["name"] in refused.json()["detail"]
    other = await call(house, COMMITTEE, "POST", f"/undo/{batch}?skip_changed=true")
    assert other.status_code == 403
    skipped = await call(house, STATION, "POST", f"/undo/{batch}?skip_changed=true")
    assert skipped.status_code == 200, skipped.text
    assert (skipped.json()["undone"], len(skipped.json()["left"])) == (2, 1)
    again = await call(house, STATION, "POST", f"/undo/{skipped.json()['batch']}")
    assert again.json()["undone"] == 2
    once_more = await call(house, STATION, "POST", f"/undo/{again.json()['batch']}")
    assert once_more.json()["undone"] == 2
    rest = differences(before, dump())
    assert set(rest) <= {"enterprise", "search_document"}
    assert len(rest["enterprise"]) == 2  # the one changed since: as it was, as it is


async def test_an_older_version_is_restored_as_a_revision(house: House) -> None:
    firm = await an_enterprise(house, contact_phone=PHONE, remark="一")
    two = await patched(house, STATION, "enterprises", firm, contact_phone=OTHER_PHONE, remark="二")
    three = await patched(house, STATION, "enterprises", two, address="三")
    path = f"/enterprises/{firm['id']}/versions/1"
    told = (await call(house, STATION, "GET", path)).json()
    assert told["possible"] is True
    assert {c["field"] for c in told["changes"]} >= {"remark", "address"}
    stale = await call(house, STATION, "POST", f"{path}/restore", **if_match(two))
    assert stale.status_code == 412
    refused = await call(house, COMMITTEE, "POST", f"{path}/restore", **if_match(three))
    assert refused.status_code == 403
    done = await call(house, STATION, "POST", f"{path}/restore", **if_match(three))
    assert done.status_code == 200, done.text
    back = await read(house, STATION, "enterprises", firm)
    assert (back["remark"], back["address"]) == ("一", None)
    assert await plain(house, STATION, "enterprises", firm) == {"contact_phone": PHONE}
    history = (await call(house, STATION, "GET", f"/enterprises/{firm['id']}/history")).json()
    assert [v["verb"] for v in history["items"]] == ["restore", "revise", "revise", "create"]
    assert (await undo(house, STATION, "enterprises", back)).status_code == 200
    again = await read(house, STATION, "enterprises", firm)
    assert again["address"] == "三"
    assert await plain(house, STATION, "enterprises", firm) == {"contact_phone": OTHER_PHONE}
    missing = await call(house, STATION, "GET", f"/enterprises/{firm['id']}/versions/99")
    assert missing.status_code == 404


async def test_evidence_once_made_stays(house: House) -> None:
    firm = await an_enterprise(house)
    user = await a_user_of(house, firm)
    need = await a_need(house, user)
    assert (await undo(house, user, "needs", need)).json()["became"] == "deleted"
    async with house.client(CENTRE) as client:
        draw = await made(client, "draws", title="抽取评审", subject_note="一次论证", size=3)
    told = await offer(house, CENTRE, "draws", draw)
    assert (told["possible"], "凭据" in told["why"]) == (False, True)


async def test_what_one_does_not_see_is_in_no_list(house: House) -> None:
    firm = await an_enterprise(house)
    await patched(house, STATION, "enterprises", firm, remark="丁")
    mine = (await call(house, STATION, "GET", "/undo")).json()["mine"]
    assert [(one["id"], one["mine"], one["possible"]) for one in mine] == [(firm["id"], True, True)]
    for other in (CENTRE, "station_staff@lake-park-station", COMMITTEE):
        told = (await call(house, other, "GET", "/undo")).json()
        assert told == {"mine": [], "bin": []}
    assert (await call(house, "auditor@east", "GET", "/undo")).status_code == 404
    absent = await call(house, STATION, "POST", f"/undo/{UUID(int=5)}")
    assert absent.status_code == 404
