"""The index knows what is committed, whoever asks, and nothing else."""

import json
from typing import Any
from uuid import UUID

import pytest

from app.audit.work import acting_for
from app.matching.index import library as rooms
from app.matching.index.library import Library, library
from app.matching.index.shelf import Shelf
from app.matching.kinds import KINDS
from app.matching.matches.models import CandidateKind
from app.matching.ranking import Query
from app.registers import directory, writing
from tests.house import House, if_match
from tests.libraries.people import API, CENTRE, EXPERT, active_expert, moved

EXPERTS = KINDS[CandidateKind.experts]
GEARS = Query("行星减速器齿轮磨损")


async def found(held: Library | None = None, query: Query = GEARS) -> list[str]:
    index = await (held or library(EXPERTS)).current()
    return [hit.id for hit in index.search(query).hits]


async def written(house: House, expert: dict[str, Any], **fields: Any) -> None:
    async with house.client(CENTRE) as centre:
        url = f"{API}/experts/{expert['id']}"
        now = (await centre.get(url)).json()
        answer = await centre.patch(url, json=fields, headers=if_match(now))
        assert answer.status_code == 200, answer.text


async def test_what_is_written_is_found_at_once_and_what_is_gone_is_not(house: House) -> None:
    assert await found() == []
    expert = await active_expert(house)
    assert await found() == [expert["id"]]
    await written(house, expert, keywords=["红外镜头"], documents=[{"title": "红外镜头的镀膜"}])
    assert await found() == []
    assert await found(query=Query("红外镜头镀膜")) == [expert["id"]]
    async with house.client(CENTRE) as centre:
        await moved(centre, "experts", expert, "retire", reason="退休")
    assert await found(query=Query("红外镜头镀膜")) == []


async def test_a_document_the_expert_excluded_does_not_count(house: House) -> None:
    expert = await active_expert(house, keywords=[])
    hidden = [document | {"excluded": True} for document in EXPERT["documents"]]
    await written(house, expert, documents=hidden)
    assert await found() == []


async def test_two_workers_give_the_same_answer_under_the_same_version(house: House) -> None:
    first = await active_expert(house)
    mine = library(EXPERTS)
    await mine.current()
    await active_expert(house, name="另一位", keywords=["减速器"])
    await written(house, first, title="研究员")
    other = Library(EXPERTS, Shelf.of("experts"))
    one, two = await mine.current(), await other.current()
    assert one.version == two.version
    assert one.search(GEARS).hits == two.search(GEARS).hits


async def test_a_slow_transaction_is_neither_seen_before_it_ends_nor_missed_after(
    house: House,
) -> None:
    await found()
    node = house.organisations["east"].node_id
    register = directory.named("experts")
    async with acting_for(node) as slow:
        row = await writing.create(slow, register, dict(EXPERT, name="慢者"))
        row.state = "active"
        await slow.session.flush()
        quick = await active_expert(house, name="快者")
        assert await found() == [quick["id"]]
    assert sorted(await found()) == sorted([quick["id"], str(row.id)])


async def test_many_changes_make_a_new_base_that_answers_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "STALE_LEAST", 1)
    held = library(EXPERTS)
    await held.current()
    before = held.folder
    people = [await active_expert(house, name=f"第{n}位") for n in range(3)]
    await held.current()
    assert held.building is not None
    await held.building
    assert sorted(await found()) == sorted(person["id"] for person in people)
    assert held.folder != before
    assert held.changed == {}


@pytest.mark.parametrize("damage", ["from the future", "unreadable", "torn"])
async def test_a_base_that_does_not_fit_the_database_is_built_anew(
    house: House, damage: str
) -> None:
    expert = await active_expert(house)
    assert await found() == [expert["id"]]
    standing = Shelf.of("experts").current()
    assert standing is not None
    if damage == "from the future":
        told = standing.about | {"place": f"{2**60}.1"}
        (standing.folder / "about.json").write_text(json.dumps(told))
    elif damage == "unreadable":
        (standing.folder / "manifest.json").write_text('{"format": 0}')
    else:
        next(standing.folder.glob("*.npy")).unlink()
    fresh = Library(EXPERTS, Shelf.of("experts"))
    assert await found(fresh) == [expert["id"]]
    assert fresh.folder != standing.folder.name


async def test_ids_of_the_index_are_ids_of_records(house: House) -> None:
    expert = await active_expert(house)
    assert [UUID(one) for one in await found()] == [UUID(expert["id"])]
