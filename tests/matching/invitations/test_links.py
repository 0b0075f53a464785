"""Links: what they open, what they never open, and what is kept of them."""

import logging
import secrets
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import jobs
from app.core.clock import today
from app.core.database_roles import owner_url
from tests.house import House
from tests.libraries.people import (
    API,
    CENTRE,
    COMMITTEE,
    OTHER_PARK,
    STATION,
    active_expert,
    enterprise,
    made,
    moved,
    speaks_for,
)
from tests.matching.panels.scene import Scene, panel, scene, sheet
from tests.matching.test_matches import accepted_need

PUBLIC = f"{API}/public/invitations"


@pytest.fixture
async def match(house: House) -> dict[str, Any]:
    """An expert without an account, invited to help with a need."""
    expert = await active_expert(house)
    need = await accepted_need(house, await enterprise(house))
    async with house.client(STATION) as station:
        given = {"need_id": need["id"], "candidate_kind": "experts", "candidate_id": expert["id"]}
        record = await made(station, "matches", **given)
        for move in ("choose", "invite"):
            record = await moved(station, "matches", record, move)
    return record


async def link(house: House, record: dict[str, Any], who: str = STATION, **given: Any) -> Any:
    async with house.client(who) as client:
        return await client.post(f"{API}/matches/{record['id']}/invitation", json=given)


async def token_for(house: House, record: dict[str, Any]) -> str:
    answer = await link(house, record)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["invitation_url"].rsplit("/", 1)[1])


async def test_somebody_without_an_account_reads_and_accepts_by_the_link(
    house: House, match: dict[str, Any]
) -> None:
    token = await token_for(house, match)
    assert len(token) == 43
    async with house.client(None) as anybody, house.client(STATION) as station:
        shown = await anybody.get(f"{PUBLIC}/{token}")
        assert shown.headers["cache-control"] == "no-store"
        assert shown.headers["referrer-policy"] == "no-referrer"
        told = shown.json()
        assert (told["register"], told["state"]) == ("matches", "invited")
        assert told["subject"] == "行星减速器齿轮磨损"
        assert told["text"]
        assert told["asked_by"]
        assert told["expert"] == "齐轮"
        assert told["may"] == ["accept", "decline", "recuse"]
        answered = await anybody.post(f"{PUBLIC}/{token}/accept", json={})
        assert (answered.status_code, answered.json()["state"]) == (200, "accepted")
        again = await anybody.post(f"{PUBLIC}/{token}/accept")
        assert (again.status_code, again.json()["type"]) == (409, "urn:park:illegal-move")
        record = (await station.get(f"{API}/matches/{match['id']}")).json()
        assert record["state"] == "accepted"
        watched = (await station.get(f"{API}/matches/{match['id']}/invitation")).json()["link"]
        assert watched["opened_at"]
        assert watched["answered_at"]
        assert token not in str(watched)
        past = (await station.get(f"{API}/matches/{match['id']}/history")).json()["items"][0]
        assert past["by"]["name"] == "齐轮（凭工作人员经手的链接）"


async def test_the_trail_says_that_it_was_by_a_link(house: House, match: dict[str, Any]) -> None:
    token = await token_for(house, match)
    async with house.client(None) as anybody, house.client("auditor@province") as auditor:
        refused = await anybody.post(f"{PUBLIC}/{token}/decline", json={})
        assert refused.json()["errors"][0]["pointer"] == "/reason"
        done = await anybody.post(f"{PUBLIC}/{token}/decline", json={"reason": "出差在外"})
        assert done.json()["may"] == []
        trail = (await auditor.get(f"{API}/audit", params={"verb": "matches.move.decline"})).json()
        (entry,) = trail["items"]
        assert entry["detail"]["by_link"]
        assert entry["account"]["name"] == "齐轮"


async def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(
    house: House, match: dict[str, Any]
) -> None:
    revoked, expired = await token_for(house, match), await token_for(house, match)
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.begin() as owner:
        owner.execute(sa.text("UPDATE invitation_link SET expires_at = now()"))
    dead = [revoked, expired, secrets.token_urlsafe(32), "x", "x" * 5000, "%00", "学"]
    async with house.client(None) as anybody:
        answers = [await anybody.get(f"{PUBLIC}/{token}") for token in dead]
        answers += [await anybody.post(f"{PUBLIC}/{token}/accept") for token in dead[:5]]
        answers += [await anybody.put(f"{PUBLIC}/{token}/scores", json={}) for token in dead[:5]]
    told = {(a.status_code, a.text) for a in answers}
    assert len(told) == 1
    (status, text) = told.pop()
    assert status == 404
    assert "链接无效、已过期或已被收回" in text
    async with house.client(STATION) as station:
        assert (await station.get(f"{API}/matches/{match['id']}")).json()["state"] == "invited"


async def test_a_link_lives_to_the_end_of_its_last_day_said_in_one_form(
    house: House, match: dict[str, Any]
) -> None:
    day = today() + timedelta(days=9)
    made_ = (await link(house, match, expires_on=day.isoformat())).json()
    assert made_["expires_at"] == f"{day.isoformat()}T15:59:59Z"
    url = f"{PUBLIC}/{made_['invitation_url'].rsplit('/', 1)[1]}"
    async with house.client(None) as anybody, house.client(STATION) as station:
        watched = await station.get(f"{API}/matches/{match['id']}/invitation")
        assert watched.json()["link"]["expires_at"] == made_["expires_at"]
        assert (await anybody.get(url)).json()["expires_at"] == made_["expires_at"]


async def test_an_acceptance_says_nothing_else(house: House, match: dict[str, Any]) -> None:
    token = await token_for(house, match)
    async with house.client(None) as anybody:
        for move, given in (("accept", {}), ("decline", {"reason": "出差"})):
            refused = await anybody.post(f"{PUBLIC}/{token}/{move}", json=given | {"fee": 1})
            assert refused.status_code == 422, move
            assert refused.json()["errors"][0]["pointer"] == "/fee"
        assert (await anybody.get(f"{PUBLIC}/{token}")).json()["state"] == "invited"


@pytest.mark.parametrize("move", ["decline", "recuse"])
async def test_whoever_says_no_sees_the_need_no_longer(
    house: House, match: dict[str, Any], move: str
) -> None:
    token = await token_for(house, match)
    account = await speaks_for(house, "experts", {"id": match["candidate_id"]}, "east")
    need = f"{API}/needs/{match['need_id']}"
    async with house.client(None) as anybody, house.client(account) as own:
        assert (await own.get(need)).status_code == 200
        said = await anybody.post(f"{PUBLIC}/{token}/{move}", json={"reason": "有合作关系"})
        assert said.status_code == 200, said.text
        await jobs.drain()
        assert (await own.get(need)).status_code == 404
        assert (await anybody.get(f"{PUBLIC}/{token}")).json()["text"] == ""


async def test_a_newer_link_ends_the_former(house: House, match: dict[str, Any]) -> None:
    former = await token_for(house, match)
    newer = await token_for(house, match)
    async with house.client(None) as anybody:
        assert (await anybody.get(f"{PUBLIC}/{former}")).status_code == 404
        assert (await anybody.get(f"{PUBLIC}/{newer}")).status_code == 200


async def test_a_barred_expert_and_a_deleted_record_are_dead_links(
    house: House, match: dict[str, Any]
) -> None:
    token = await token_for(house, match)
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    for spoil, mend in (
        ("UPDATE expert SET state = 'barred'", "UPDATE expert SET state = 'active'"),
        ("UPDATE match SET deleted_at = now()", "UPDATE match SET deleted_at = NULL"),
        ("UPDATE match SET state = 'rejected'", "UPDATE match SET state = 'invited'"),
    ):
        async with house.client(None) as anybody:
            assert (await anybody.get(f"{PUBLIC}/{token}")).status_code == 200
            with engine.begin() as owner:
                owner.execute(sa.text(spoil))
            assert (await anybody.get(f"{PUBLIC}/{token}")).status_code == 404, spoil
            assert (await anybody.post(f"{PUBLIC}/{token}/accept")).status_code == 404, spoil
            with engine.begin() as owner:
                owner.execute(sa.text(mend))


async def test_a_link_opens_no_other_route_and_no_other_record(
    house: House, match: dict[str, Any]
) -> None:
    token = await token_for(house, match)
    async with house.client(None, Authorization=f"Bearer {token}") as holder:
        for path in (f"matches/{match['id']}", f"experts/{match['candidate_id']}", "me"):
            assert (await holder.get(f"{API}/{path}")).status_code == 401
    async with house.client(None) as anybody:
        wrong = await anybody.post(f"{PUBLIC}/{token}/choose")
        assert wrong.status_code == 422
        for method in ("POST", "PUT"):
            scored = await anybody.request(method, f"{PUBLIC}/{token}/scores", json={})
            assert scored.status_code == 404
        declare = {"pledge": True, "no_conflict": True}
        assert (await anybody.post(f"{PUBLIC}/{token}/declare", json=declare)).status_code == 404


@pytest.mark.parametrize(("who", "status"), [(COMMITTEE, 403), (OTHER_PARK, 404), (CENTRE, 201)])
async def test_links_are_made_by_those_who_invite(
    house: House, match: dict[str, Any], who: str, status: int
) -> None:
    assert (await link(house, match, who)).status_code == status


async def test_a_link_is_made_only_while_there_is_something_to_answer(
    house: House, match: dict[str, Any]
) -> None:
    late = await link(house, match, expires_on="2020-01-01")
    assert late.json()["errors"][0]["pointer"] == "/expires_on"
    unknown = await link(house, match, no_such_field=1)
    assert unknown.json()["errors"][0]["pointer"] == "/no_such_field"
    token = await token_for(house, match)
    async with house.client(None) as anybody:
        await anybody.post(f"{PUBLIC}/{token}/recuse", json={"reason": "与对方有合作"})
    assert (await link(house, match)).status_code == 409


async def test_the_token_is_kept_nowhere(
    house: House, match: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        token = await token_for(house, match)
        async with house.client(None) as anybody:
            await anybody.get(f"{PUBLIC}/{token}")
            await anybody.post(f"{PUBLIC}/{token}/accept")
    served = [record for record in caplog.records if record.name.startswith("park")]
    assert served
    assert all(token not in record.getMessage() for record in served)
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.connect() as owner:
        tables = owner.execute(
            sa.text(
                "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON"
                " n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname IN ('public', 'jobs')"
            )
        )
        for table in tables.scalars().all():
            found = sa.text(f"SELECT count(*) FROM {table} t WHERE strpos(t::text, :token) > 0")
            assert owner.scalar(found, {"token": token}) == 0, table


async def test_the_party_login_cannot_read_links(house: House, match: dict[str, Any]) -> None:
    from app.core import db

    await token_for(house, match)
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        async with db.transaction("party") as session:
            await session.execute(sa.text("SELECT * FROM invitation_link"))


async def review_url(there: Scene, place: int = 0) -> str:
    """Have a link made to the review of the expert at ``place``."""
    seat = await there.seat(place)
    async with there.house.client(CENTRE) as centre:
        given = await centre.post(f"{API}/reviews/{seat['review_id']}/invitation", json={})
        assert given.json()["mail"] == "no_server"
        return f"{PUBLIC}/{given.json()['invitation_url'].rsplit('/', 1)[1]}"


async def test_a_review_is_answered_and_its_pledge_signed_by_link(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await there.centre("invite")
    url = await review_url(there)
    async with house.client(None) as anybody:
        told = (await anybody.get(url)).json()
        assert told["title"] == "行星减速器项目论证"
        assert told["subject"] == "行星减速器修形技术攻关"
        assert "重载" in told["text"]
        assert told["pledge"]
        assert told["sheet"] is None
        assert not [name for name in ("乙二", "丙三") if name in str(told)]
        accepted = (await anybody.post(f"{url}/accept")).json()
        assert accepted["may"] == ["decline", "recuse", "declare"]
        assert [c["code"] for c in accepted["sheet"]["criteria"]] == ["c1", "c2", "c3"]
        early = await anybody.post(f"{url}/scores", json=sheet("30", "30", "10"))
        assert early.status_code == 409
        unsaid = await anybody.post(f"{url}/declare", json={"pledge": True, "no_conflict": False})
        assert [e["pointer"] for e in unsaid.json()["errors"]] == ["/no_conflict"]
        signed = {"pledge": True, "no_conflict": True}
        told = (await anybody.post(f"{url}/declare", json=signed)).json()
        assert told["pledged_at"]
        assert (await anybody.get(url)).status_code == 404
        url = f"{PUBLIC}/{told['own_token']}"
        assert (await anybody.get(url)).json()["own_token"] is None
        waiting = await anybody.put(f"{url}/scores", json=sheet("30"))
        assert (waiting.status_code, "尚未开始" in waiting.json()["detail"]) == (403, True)


async def test_a_seat_given_to_another_is_a_dead_link(house: House) -> None:
    there = await scene(house, 4)
    await panel(there)
    await there.centre("invite")
    url = await review_url(there)
    seat = await there.seat(0)
    async with house.client(CENTRE) as centre, house.client(None) as anybody:
        assert (await anybody.get(url)).status_code == 200
        review = {"id": seat["review_id"]}
        gone = await moved(centre, "reviews", review, "replace", reason="联系不上")
        assert gone["state"] == "replaced"
        assert (await anybody.get(url)).status_code == 404


async def test_a_match_keeps_a_line_for_each_link(house: House, match: dict[str, Any]) -> None:
    for _ in range(2):
        assert (await link(house, match, CENTRE)).status_code == 201
    async with house.client(CENTRE) as centre:
        told = (await centre.get(f"{API}/matches/{match['id']}/history")).json()["items"]
    assert [item["verb"] for item in told[:3]] == ["link", "link", "move.invite"]
