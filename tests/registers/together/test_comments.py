"""Comments: who reads which, whom one may mention, and that nobody else hears of it."""

import pytest

from app.core.database_roles import AppRole, conninfo, login_url
from tests.house import House
from tests.libraries.people import (
    API,
    CENTRE,
    COMMITTEE,
    LEADER,
    OTHER_CITY,
    OTHER_PARK,
    PROVINCE,
    STATION,
    active_expert,
    made,
    moved,
    speaks_for,
)
from tests.registers.together.scene import Scene, as_owner, scene


@pytest.fixture
async def at(house: House) -> Scene:
    return await scene(house)


async def test_an_internal_comment_is_for_staff_an_open_one_also_for_the_enterprise(
    at: Scene,
) -> None:
    inside = await at.comment(STATION, "内部意见")
    assert (inside["internal"], inside["mine"], inside["name"]) == (True, True, "测试station_staff")
    await at.comment(COMMITTEE, "请企业补充图纸", internal=False)
    await at.comment(at.owner, "图纸已补充")
    for who in (STATION, COMMITTEE, CENTRE, LEADER):
        assert await at.comments(who) == ["图纸已补充", "请企业补充图纸", "内部意见"]
    assert await at.comments(at.owner) == ["图纸已补充", "请企业补充图纸"]


@pytest.mark.parametrize("who", [OTHER_PARK, OTHER_CITY, PROVINCE, "auditor@east"])
async def test_who_does_not_see_the_record_finds_no_comment(at: Scene, who: str) -> None:
    made_ = await at.comment(STATION, internal=False)
    one = f"{at.url}/comments/{made_['id']}"
    for method, path, given in (
        ("GET", f"{at.url}/comments", None),
        ("POST", f"{at.url}/comments", {"text": "x"}),
        ("PUT", one, {"text": "x"}),
        ("DELETE", one, None),
        ("GET", f"{at.url}/mentionable", None),
        ("GET", f"{at.url}/following", None),
        ("PUT", f"{at.url}/following", {"following": True}),
    ):
        await at.ask(who, method, path, status=404, json=given)


async def test_an_expert_shown_a_need_reads_and_writes_no_comment(house: House, at: Scene) -> None:
    expert = await active_expert(house)
    person = await speaks_for(house, "experts", expert, "east")
    async with house.client(STATION) as station:
        match = await made(station, "matches", need_id=at.need["id"], candidate_id=expert["id"])
        for move in ("choose", "invite"):
            await moved(station, "matches", match, move)
    await at.comment(STATION, "公开的一句", internal=False)
    told = await at.ask(person, "GET", f"{at.url}/comments")
    assert (told["items"], told["may_write"]) == ([], False)
    refused = await at.ask(person, "POST", f"{at.url}/comments", json={"text": "x"}, status=403)
    assert "只有" in refused["detail"]
    await at.ask(person, "PUT", f"{at.url}/following", json={"following": True}, status=403)


async def test_an_enterprise_writes_no_internal_comment(at: Scene) -> None:
    given = {"text": "x", "internal": True}
    refused = await at.ask(at.owner, "POST", f"{at.url}/comments", json=given, status=422)
    assert refused["errors"][0]["pointer"] == "/internal"


async def test_only_its_author_changes_or_removes_a_comment(at: Scene) -> None:
    one = await at.comment(STATION)
    path = f"{at.url}/comments/{one['id']}"
    for who in (COMMITTEE, CENTRE, LEADER):
        await at.ask(who, "PUT", path, json={"text": "改"}, status=403)
        await at.ask(who, "DELETE", path, status=403)
    edited = await at.ask(STATION, "PUT", path, json={"text": "更正后的意见"})
    assert edited["edited_at"]
    assert await at.comments(CENTRE) == ["更正后的意见"]
    await at.ask(STATION, "DELETE", path)
    assert await at.comments(CENTRE) == []
    await at.ask(STATION, "PUT", path, json={"text": "x"}, status=404)
    assert as_owner("SELECT text FROM comment") == [("",)]


async def test_the_trail_knows_of_comments_but_not_their_words(at: Scene) -> None:
    await at.comment(STATION, "只在评论里的话")
    found = await at.ask("auditor@east", "GET", f"{API}/audit", params={"verb": "needs.comment"})
    (entry,) = found["items"]
    assert entry["verb_label"] == "企业需求：发表评论" or "发表评论" in entry["verb_label"]
    assert "只在评论里的话" not in str(entry)


async def test_who_may_be_mentioned_is_who_sees_the_record(at: Scene) -> None:
    told = await at.ask(STATION, "GET", f"{at.url}/mentionable")
    roles = {one["role_label"] for one in told["items"]}
    assert roles == {
        "管委会工作人员",
        "中心主任",
        "中心工作人员",
        "企业用户",
    }
    inside = await at.ask(STATION, "GET", f"{at.url}/mentionable", params={"internal": True})
    assert "企业用户" not in {one["role_label"] for one in inside["items"]}
    met = await at.ask(at.owner, "GET", f"{at.url}/mentionable")
    assert {one["role_label"] for one in met["items"]} == {"工作站工作人员", "企业用户"}
    none = await at.ask(STATION, "GET", f"{at.url}/mentionable", params={"q": "%"})
    assert none["items"] == []


async def test_nobody_is_mentioned_who_could_not_read_it(at: Scene) -> None:
    enterprise = await at.person(STATION, "测试enterprise")
    given = {"text": "x", "mentions": [enterprise], "internal": True}
    refused = await at.ask(STATION, "POST", f"{at.url}/comments", json=given, status=422)
    assert refused["errors"][0]["code"] == "not_seeing"
    far = as_owner("SELECT h.id FROM hat h JOIN organisation o ON o.id = h.organisation_id"
                   " WHERE o.code = 'west-park-station'")[0][0]  # fmt: skip
    given = {"text": "x", "mentions": [str(far)]}
    await at.ask(STATION, "POST", f"{at.url}/comments", json=given, status=422)
    assert as_owner("SELECT count(*) FROM comment") == [(0,)]


async def test_the_wall_alone_keeps_internal_comments_from_parties(at: Scene) -> None:
    await at.comment(STATION, "内部意见")
    await at.comment(STATION, "公开意见", internal=False)
    import psycopg

    party = as_owner("SELECT owner_id FROM need")[0][0]
    with psycopg.connect(conninfo(login_url(AppRole("party")))) as connection:
        connection.execute("SELECT set_config('app.party', %s, false)", (str(party),))
        found = connection.execute("SELECT text FROM comment").fetchall()
    assert found == [("公开意见",)]


async def test_stations_below_do_not_read_what_the_centre_says_of_its_library(
    house: House,
) -> None:
    async with house.client(CENTRE) as centre:
        achievement = await made(
            centre,
            "achievements",
            title="样例成果",
            owner_name="样例理工大学",
            summary="一种减速器",
            hightech_field="08",
            trl=5,
            transfer_modes=["licence"],
        )
        for move in ("register", "list"):
            achievement = await moved(centre, "achievements", achievement, move)
        url = f"{API}/achievements/{achievement['id']}/comments"
        assert (await centre.post(url, json={"text": "中心的看法"})).status_code == 201
    async with house.client(STATION) as station:
        told = await station.get(url)
        assert (told.status_code, told.json()["items"]) == (200, [])
        assert told.json()["may_write"] is False
        assert (await station.post(url, json={"text": "x"})).status_code == 403
