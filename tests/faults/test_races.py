"""Many at once: one record from twenty identical creates, no lost update, plain refusals."""

from typing import Any

import anyio
import httpx

from tests.house import House, if_match
from tests.ledgers.builders import STATION, a_credit_code, a_need, an_enterprise, call, read


async def together(house: House, many: int, *request: Any, **headers: str) -> list[httpx.Response]:
    """Send the same request ``many`` times at once."""
    answers: list[httpx.Response] = []

    async def one() -> None:
        answers.append(await call(house, STATION, *request, **headers))

    async with anyio.create_task_group() as group:
        for _ in range(many):
            group.start_soon(one)
    return answers


async def test_twenty_identical_creates_make_one_record(house: House) -> None:
    given = {"name": "样例一次有限公司", "uscc": a_credit_code()}
    answers = await together(
        house, 20, "POST", "/enterprises", given, **{"Idempotency-Key": "once"}
    )
    assert {a.status_code for a in answers} == {201}
    assert len({a.text for a in answers}) == 1
    assert len({a.headers["ETag"] + a.headers["Location"] for a in answers}) == 1
    listed = (await call(house, STATION, "GET", "/enterprises?count=true")).json()
    assert listed["total"] == 1
    seen = await call(house, STATION, "GET", f"/enterprises/{answers[0].json()['id']}/history")
    assert len(seen.json()["items"]) == 1


async def test_a_refused_create_does_not_use_up_its_key(house: House) -> None:
    key = {"Idempotency-Key": "again"}
    bad = {"name": "样例有限公司", "uscc": "1"}
    assert (await call(house, STATION, "POST", "/enterprises", bad, **key)).status_code == 422
    good = bad | {"uscc": a_credit_code()}
    assert (await call(house, STATION, "POST", "/enterprises", good, **key)).status_code == 201
    other = good | {"name": "样例另一家有限公司"}
    reused = await call(house, STATION, "POST", "/enterprises", other, **key)
    assert (reused.status_code, reused.json()["type"]) == (422, "urn:park:idempotency-key-reused")


async def test_a_key_is_its_accounts_own(house: House) -> None:
    key = {"Idempotency-Key": "shared"}
    firm = {"name": "样例甲有限公司", "uscc": a_credit_code()}
    assert (await call(house, STATION, "POST", "/enterprises", firm, **key)).status_code == 201
    peer = "station_staff@west-park-station"
    other = {"name": "样例乙有限公司", "uscc": a_credit_code()}
    assert (await call(house, peer, "POST", "/enterprises", other, **key)).status_code == 201


async def test_twenty_creates_of_one_credit_code_make_one_enterprise(house: House) -> None:
    given = {"name": "样例同码有限公司", "uscc": a_credit_code()}
    answers = await together(house, 20, "POST", "/enterprises", given)
    assert sorted(a.status_code for a in answers) == [201] + [409] * 19
    refused = next(a for a in answers if a.status_code == 409).json()
    assert refused["errors"][0]["pointer"] == "/uscc"
    assert "uq_" not in str(refused)  # not in the database's own words


async def test_fifty_parallel_revisions_of_one_version_change_it_once(house: House) -> None:
    made = await an_enterprise(house)
    url = f"/enterprises/{made['id']}"
    answers = await together(house, 50, "PATCH", url, {"address": "一号路"}, **if_match(made))
    assert sorted(a.status_code for a in answers) == [200] + [412] * 49
    assert (await read(house, STATION, "enterprises", made))["version"] == 2


async def test_writers_who_read_again_lose_no_update(house: House) -> None:
    made = await a_need(
        house, STATION, enterprise_id=(await an_enterprise(house))["id"], keywords=[]
    )
    url = f"/needs/{made['id']}"

    async def add(word: str) -> None:
        for _ in range(100):
            now = await read(house, STATION, "needs", made)
            given = {"keywords": [*now["keywords"], word]}
            answer = await call(house, STATION, "PATCH", url, given, **if_match(now))
            if answer.status_code == 200:
                return
            assert answer.status_code == 412, answer.text
        raise AssertionError(word)

    async with anyio.create_task_group() as group:
        for number in range(10):
            group.start_soon(add, f"词{number}")
    last = await read(house, STATION, "needs", made)
    assert sorted(last["keywords"]) == [f"词{number}" for number in range(10)]
    assert last["version"] == made["version"] + 10


async def test_a_step_taken_by_fifty_at_once_is_taken_once(house: House) -> None:
    made = await a_need(house, STATION, enterprise_id=(await an_enterprise(house))["id"])
    path = f"/needs/{made['id']}/moves/submit"
    answers = await together(house, 50, "POST", path, {}, **if_match(made))
    assert sorted(a.status_code for a in answers) == [200] + [412] * 49
    seen = await call(house, STATION, "GET", f"/needs/{made['id']}/history")
    assert [h["verb"] for h in seen.json()["items"]] == ["move.submit", "create"]
