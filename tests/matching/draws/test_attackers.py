"""What must not succeed: one alone, twice, late, from elsewhere, or without anybody noticing."""

from uuid import UUID

import pytest

from app.access import tokens
from app.access.roles import Role
from app.access.tables import Hat, Session
from app.core import db
from app.core.settings import get_settings
from app.matching.drawing.chance import commitment
from app.matching.drawing.pool import fresh
from tests.house import if_match
from tests.libraries.people import CENTRE, LEADER
from tests.matching.draws.scene import COMMITTEE, STATION, Scene
from tests.matching.panels.scene import Scene as Panels

pytestmark = pytest.mark.slow


async def test_the_operator_alone_can_neither_promise_twice_nor_release(scene: Scene) -> None:
    await scene.plan()
    await scene.freeze()
    await scene.step(CENTRE, "commit", hash=scene.promise("operator"))
    again = await scene.attempt(CENTRE, "commit", hash=scene.promise("operator"))
    assert again.status_code == 403
    assert "主持人的承诺已由" in again.json()["detail"]
    early = await scene.attempt(CENTRE, "reveal", nonce=scene.numbers["operator"])
    assert early.status_code == 409
    released = await scene.attempt(CENTRE, "release")
    assert released.status_code == 403
    assert "中心主任" in released.json()["detail"]


async def test_one_account_under_two_hats_is_one_person(scene: Scene) -> None:
    await scene.plan()
    await scene.freeze()
    await scene.step(CENTRE, "commit", hash=scene.promise("operator"))
    both = await _also_leader(scene)
    witness = await scene.attempt(both, "commit", hash=scene.promise("witness"))
    assert witness.status_code == 403
    assert "两个账号" in witness.json()["detail"]
    await scene.step(COMMITTEE, "commit", hash=scene.promise("witness"))
    for who, party in ((COMMITTEE, "witness"), (CENTRE, "operator")):
        await scene.step(who, "reveal", nonce=scene.numbers[party])
    released = await scene.attempt(both, "release")
    assert released.status_code == 403
    assert "另一位" in released.json()["detail"]
    voided = await scene.attempt(both, "void", reason="结果不合意，再来一次")
    assert voided.status_code == 403


async def _also_leader(scene: Scene) -> str:
    return await Panels(scene.house, {}, {}, [], []).also_leader(CENTRE)


async def test_a_copied_promise_is_refused(scene: Scene) -> None:
    await scene.plan()
    await scene.freeze()
    mine = scene.promise("operator")
    await scene.step(CENTRE, "commit", hash=mine)
    copied = await scene.attempt(COMMITTEE, "commit", hash=mine)
    assert copied.status_code == 409


async def test_what_is_no_number_in_hexadecimal_is_neither_promised_nor_shown(
    scene: Scene,
) -> None:
    """A promise that nobody can keep would end the draw."""
    await scene.plan()
    await scene.freeze()
    for wrong in ("zz" * 32, "AB" * 32, "ab" * 31, "ab" * 31 + "a\n"):
        refused = await scene.attempt(CENTRE, "commit", hash=wrong)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/hash")
    await scene.step(CENTRE, "commit", hash=scene.promise("operator"))
    await scene.step(COMMITTEE, "commit", hash=scene.promise("witness"))
    refused = await scene.attempt(CENTRE, "reveal", nonce="zz" * 32)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/nonce")


async def test_another_number_than_the_promised_is_refused(scene: Scene) -> None:
    await scene.plan()
    await scene.promised()
    for wrong in (fresh(32), scene.numbers["operator"]):
        answer = await scene.attempt(COMMITTEE, "reveal", nonce=wrong)
        assert answer.status_code == 409
        assert "承诺不符" in answer.json()["detail"]
    assert (await scene.read())["state"] == "committed"


async def test_a_number_is_shown_by_who_promised_it_and_once(scene: Scene) -> None:
    await scene.plan()
    await scene.promised()
    stranger = await scene.attempt(LEADER, "reveal", nonce=scene.numbers["witness"])
    assert stranger.status_code == 403
    assert "只有提交承诺的人" in stranger.json()["detail"]
    await scene.step(COMMITTEE, "reveal", nonce=scene.numbers["witness"])
    twice = await scene.attempt(COMMITTEE, "reveal", nonce=scene.numbers["witness"])
    assert twice.status_code == 403
    assert "已经公开" in twice.json()["detail"]


async def test_a_late_promise_and_a_second_draw_are_refused(scene: Scene) -> None:
    await scene.plan()
    await scene.hold()
    for who, move, form in (
        (CENTRE, "freeze", {}),
        (CENTRE, "commit", {"hash": fresh(32)}),
        (COMMITTEE, "reveal", {"nonce": scene.numbers["witness"]}),
        (CENTRE, "enter_beacon", {"value": "02 11 17"}),
    ):
        answer = await scene.attempt(who, move, **form)
        assert answer.status_code == 409, move


async def test_a_promise_for_another_draw_or_party_does_not_count(scene: Scene) -> None:
    await scene.plan()
    await scene.freeze()
    number = fresh(32)
    elsewhere = commitment(str(UUID(int=1)), "operator", number)
    await scene.step(CENTRE, "commit", hash=elsewhere)
    await scene.step(COMMITTEE, "commit", hash=scene.promise("witness"))
    answer = await scene.attempt(CENTRE, "reveal", nonce=number)
    assert answer.status_code == 409


async def test_a_frozen_draw_is_not_edited_not_even_by_who_asked_for_it(scene: Scene) -> None:
    draw = await scene.plan()
    await scene.freeze()
    for who in (STATION, CENTRE):
        seen = await scene.read(who)
        answer = await scene.send(who, "PATCH", scene.path, {"size": 9}, **if_match(seen))
        assert answer.status_code == 403
        assert "封存" in answer.json()["detail"]
    assert (await scene.read())["size"] == draw["size"]


async def test_the_requester_is_never_drawn(scene: Scene) -> None:
    """Somebody of the station who is an expert too asks for a draw."""
    await _gives_hat(scene, STATION, scene.experts[0]["id"])
    await scene.plan()
    await scene.hold()
    people = await scene.people()
    mine = next(one for one in people["pool"] if one["expert_id"] == scene.experts[0]["id"])
    assert [one["code"] for one in mine["excluded"]] == ["requester"]
    assert mine["place"] is None


async def test_an_expert_neither_holds_nor_watches_a_draw(scene: Scene) -> None:
    await scene.plan()
    await scene.freeze()
    await _gives_hat(scene, COMMITTEE, scene.experts[0]["id"])
    answer = await scene.attempt(COMMITTEE, "commit", hash=scene.promise("witness"))
    assert answer.status_code == 403
    assert "专家库" in answer.json()["detail"]


async def _gives_hat(scene: Scene, who: str, expert_id: str) -> None:
    """Let the account behind ``who`` speak for an expert too."""
    claims = tokens.read(get_settings().secret(), scene.house.tokens[who])
    async with db.transaction("staff") as session:
        known = await session.get_one(Session, claims.session_id)
        worn = await session.get_one(Hat, known.hat_id)
        session.add(
            Hat(
                account_id=known.account_id,
                role=Role.expert,
                organisation_id=worn.organisation_id,
                party_register="experts",
                party_id=UUID(expert_id),
            )
        )
