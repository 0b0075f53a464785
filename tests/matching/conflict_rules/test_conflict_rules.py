"""A region's own rules: two persons, a source, no reaching back, and what was in force stays so."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest

from app.access.roles import Role
from app.core import db
from app.core.clock import today
from app.matching.conflict_rules.service import rules_in_force
from app.matching.conflicts import BUILT_IN, Code, Purpose, RuleSet
from app.matching.conflicts.kinds import KINDS, SOURCES, source_in
from tests.house import House
from tests.libraries.people import API, CENTRE, LEADER, PROVINCE, STATION, made, moved, tried

EFFECTIVE = f"{API}/conflict-rules/effective"
OTHER_LEADER = "centre_leader@west"


def given(**fields: Any) -> dict[str, Any]:
    return {
        "code": "former_organisation",
        "purpose": "review",
        "years": 5,
        "document": "样例市科技项目评审管理办法",
        "document_no": "样科规〔2026〕1号",
        "clause": "第十二条",
        "quote": "五年内曾任职的，应当回避。",
        "valid_from": today().isoformat(),
        "note": "本市评审从严",
    } | fields


async def in_force(house: House, on: date | None = None) -> RuleSet:
    region = house.organisations["east"].region_id
    async with db.transaction("staff") as session:
        return await rules_in_force(session, region, on or today())


async def laid_down(house: House, **fields: Any) -> dict[str, Any]:
    """Have the centre draft a rule and its leader put it into force."""
    async with house.client(CENTRE) as centre, house.client(LEADER) as leader:
        draft = await made(centre, "conflict-rules", **given(**fields))
        return await moved(leader, "conflict-rules", draft, "activate")


async def test_without_a_word_of_its_own_a_region_has_the_built_in_rules(house: House) -> None:
    assert (await in_force(house)).version == BUILT_IN.version
    async with house.client(STATION) as station:
        told = (await station.get(EFFECTIVE)).json()
    assert told["version"] == BUILT_IN.version
    assert {(r["code"], r["purpose"]) for r in told["rules"]} == {
        (r.code, r.purpose) for r in BUILT_IN.rules
    }
    assert all(r["applies"] and r["origin"] == "built_in" for r in told["rules"])


async def test_sources_are_told_in_the_readers_language(house: House) -> None:
    async with house.client(STATION, **{"Accept-Language": "en"}) as station:
        told = (await station.get(EFFECTIVE)).json()
    sources = {r["code"]: r["source"] for r in told["rules"]}
    assert sources["load"] == "A rule of the platform, to be confirmed by the authority in charge"
    assert sources["consent_missing"].startswith("《个人信息保护法》第十三条 (Personal")
    assert {kind.source for kind in KINDS.values()} <= set(SOURCES)
    assert source_in("苏科〔2026〕1号", "en") == "苏科〔2026〕1号"


async def test_a_draft_changes_nothing_until_another_person_puts_it_into_force(
    house: House,
) -> None:
    async with house.client(CENTRE) as centre, house.client(LEADER) as leader:
        draft = await made(centre, "conflict-rules", **given())
        assert (await in_force(house)).version == BUILT_IN.version
        assert (await tried(centre, "conflict-rules", draft, "activate")).status_code == 403
        active = await moved(leader, "conflict-rules", draft, "activate")
    rules = await in_force(house)
    rule = rules.one(Code.former_organisation, Purpose.review)
    assert rule is not None
    assert rule.parameters == {"years": 5}
    assert str(rule.origin) == active["id"]
    assert rules.version != BUILT_IN.version
    other = rules.one(Code.former_organisation, Purpose.match)
    assert other is not None
    assert other.parameters == {"years": 3}


async def test_one_person_with_two_hats_is_still_one_person(house: House) -> None:
    """The account decides, not the role it wears."""
    both = await house.hire(Role.centre_staff, "east")
    async with house.client(both) as clerk, house.client(LEADER) as leader:
        draft = await made(clerk, "conflict-rules", **given())
        as_leader = await _second_hat(house, both)
        async with house.client(as_leader) as chief:
            assert (
                "activate"
                not in (await chief.get(f"{API}/conflict-rules/{draft['id']}")).json()["moves"]
            )
            answer = await tried(chief, "conflict-rules", draft, "activate")
            assert answer.status_code == 403
            assert "起草人" in answer.json()["detail"]
        await moved(leader, "conflict-rules", draft, "activate")


async def _second_hat(house: House, name: str) -> str:
    """Give the account of ``name`` the leader's hat, and sign it in under it."""
    from sqlalchemy import select
    from sqlmodel import col

    from app.access import sessions
    from app.access.roles import wall_of
    from app.access.tables import Account, Hat, Session
    from app.core.clock import now

    async with db.transaction("staff") as work:
        account = (
            (
                await work.execute(
                    select(Account)
                    .where(col(Account.username).startswith(name))
                    .order_by(col(Account.id).desc())
                )
            )
            .scalars()
            .first()
        )
        assert account is not None
        organisation = house.organisations["east"].id
        assert organisation is not None
        hat = Hat(account_id=account.id, role=Role.centre_leader, organisation_id=organisation)
        session = Session(
            account_id=account.id, hat_id=hat.id, expires_at=now() + timedelta(hours=1)
        )
        for row in (hat, session):
            work.add(row)
            await work.flush()
    wall = wall_of(Role.centre_leader)
    house.tokens["two-hats"] = sessions.access_token(session.id, wall, 3600)
    return "two-hats"


async def test_a_rule_does_not_reach_back(house: House) -> None:
    yesterday = (today() - timedelta(days=1)).isoformat()
    async with house.client(CENTRE) as centre, house.client(LEADER) as leader:
        draft = await made(centre, "conflict-rules", **given(valid_from=yesterday))
        answer = await tried(leader, "conflict-rules", draft, "activate")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/valid_from"


async def test_what_was_in_force_on_a_day_stays_so(house: House) -> None:
    soon, later = today() + timedelta(days=10), today() + timedelta(days=20)
    first = await laid_down(house, years=5)
    before = [await in_force(house, today() + timedelta(days=n)) for n in (0, 9)]
    await laid_down(house, years=8, valid_from=soon.isoformat(), valid_to=later.isoformat())
    async with house.client(CENTRE) as centre:
        row = (await centre.get(f"{API}/conflict-rules/{first['id']}")).json()
    assert (row["state"], row["replaced_from"]) == ("replaced", soon.isoformat())
    after = [await in_force(house, today() + timedelta(days=n)) for n in (0, 9)]
    assert [r.version for r in after] == [r.version for r in before]
    years = []
    for day in (today(), soon, later, later + timedelta(days=1)):
        rule = (await in_force(house, day)).one(Code.former_organisation, Purpose.review)
        assert rule is not None
        years.append(rule.parameters["years"])
    assert years == [5, 8, 8, 3]
    assert (await in_force(house, today() - timedelta(days=1))).version == BUILT_IN.version


async def test_a_rule_is_switched_off_only_with_its_source_and_says_so(house: House) -> None:
    off = await laid_down(house, code="rotation", years=None, effect="suspend")
    assert (await in_force(house)).one(Code.rotation, Purpose.review) is None
    async with house.client(STATION) as station:
        told = (await station.get(EFFECTIVE, params={"purpose": "review"})).json()["rules"]
    (rule,) = [r for r in told if r["code"] == "rotation"]
    assert (rule["applies"], rule["rule_id"], rule["origin"]) == (False, off["id"], "region")
    assert "样科规〔2026〕1号" in rule["source"]
    assert {r["purpose"] for r in told} == {"review"}


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"code": "identity_missing", "years": None, "effect": "suspend"}, "/effect"),
        ({"code": "subject_unknown", "years": None, "effect": "suspend"}, "/effect"),
        ({"code": "rotation", "days": 60}, "/years"),
        ({"valid_to": "2020-01-01"}, "/valid_to"),
        ({"document": None}, "/document"),
        ({"clause": None}, "/clause"),
        ({"note": None}, "/note"),
        ({"url": "ftp://x"}, "/url"),
    ],
)
async def test_what_no_rule_may_say(house: House, fields: dict[str, Any], pointer: str) -> None:
    async with house.client(CENTRE) as centre:
        answer = await centre.post(f"{API}/conflict-rules", json=given(**fields))
    assert answer.status_code == 422
    assert pointer in {e["pointer"] for e in answer.json()["errors"]}


async def test_the_words_of_the_clause_are_sealed_by_their_hash(house: House) -> None:
    rule = await laid_down(house)
    assert rule["quote_hash"] == sha256("五年内曾任职的，应当回避。".encode()).hexdigest()
    async with house.client(CENTRE) as centre:
        url = f"{API}/conflict-rules/{rule['id']}"
        changed = await centre.patch(
            url, json={"years": 1}, headers={"If-Match": f'"{rule["version"]}"'}
        )
        assert changed.status_code == 403


async def test_another_city_has_its_own_rules(house: House) -> None:
    await laid_down(house)
    west = house.organisations["west"].region_id
    async with db.transaction("staff") as session:
        assert (await rules_in_force(session, west, today())).version == BUILT_IN.version
    east = house.organisations["east"].region_id
    async with house.client(OTHER_LEADER) as other, house.client(PROVINCE) as province:
        assert (await other.get(EFFECTIVE, params={"region_id": east})).status_code == 404
        told = (await province.get(EFFECTIVE, params={"region_id": east})).json()
    assert told["version"] != BUILT_IN.version


async def test_parks_read_what_was_laid_down_and_no_drafts(house: House) -> None:
    rule = await laid_down(house)
    async with house.client(CENTRE) as centre, house.client(STATION) as station:
        draft = await made(centre, "conflict-rules", **given(code="rotation", years=None, days=60))
        assert (await station.get(f"{API}/conflict-rules/{rule['id']}")).status_code == 200
        assert (await station.get(f"{API}/conflict-rules/{draft['id']}")).status_code == 404
