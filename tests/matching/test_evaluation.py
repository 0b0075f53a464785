"""What people took and refused measures the ranking; the figures are recomputed here by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.audit.work import acting_for
from app.core.ids import new_id
from app.matching import evaluation_files
from app.matching.evaluation import Case, Judged, figures
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
from tests.matching.test_matches import OTHER, accepted_need

pytestmark = pytest.mark.slow


def judged(*, taken: bool, score: float, rank: int | None) -> Judged:
    return Judged(new_id(), new_id(), "", taken, score, rank)


def test_the_figures_are_what_they_say() -> None:
    one = Case(
        "needs",
        new_id(),
        "",
        [
            judged(taken=True, score=0.5, rank=2),
            judged(taken=True, score=0.1, rank=None),
            judged(taken=False, score=0.1, rank=40),
            judged(taken=False, score=0.3, rank=5),
        ],
    )
    assert one.pairs == [1.0, 1.0, 0.5, 0.0]
    told = {figure.id: figure for figure in figures([one, Case("needs", new_id(), "", [])])}
    assert told["accuracy"].value == pytest.approx(2.5 / 4)
    assert (told["reciprocal_rank"].value, told["recall_10"].value) == (0.5, 0.5)
    assert told["accuracy"].of == 4
    assert figures([])[0].value is None


async def decided(house: House) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Have a need for which the fitting expert was taken and the other refused."""
    gears, other = await active_expert(house), await active_expert(house, **OTHER)
    need = await accepted_need(house, await enterprise(house))
    async with house.client(STATION) as station:
        for expert, move, form in (
            (gears, "choose", {}),
            (other, "reject", {"code": "wrong_field", "reason": "方向不符"}),
        ):
            match = await made(station, "matches", need_id=need["id"], candidate_id=expert["id"])
            await moved(station, "matches", match, move, **form)
    return gears, other, need


async def test_the_page_shows_what_was_judged_in_ones_own_parks_only(house: House) -> None:
    gears, other, need = await decided(house)
    for who in (STATION, COMMITTEE, CENTRE):
        async with house.client(who) as client:
            told = (await client.get(f"{API}/matching/evaluation")).json()
        assert (told["taken"], told["refused"]) == (1, 1)
        values = {figure["id"]: figure["value"] for figure in told["figures"]}
        assert values == {"accuracy": 1.0, "reciprocal_rank": 1.0, "recall_10": 1.0}
        assert [(r["code"], r["count"]) for r in told["reasons"]] == [("wrong_field", 1)]
        (case,) = told["cases"]
        assert case["id"] == need["id"]
        ranks = {j["candidate_id"]: (j["taken"], j["rank"]) for j in case["judged"]}
        assert ranks == {gears["id"]: (True, 1), other["id"]: (False, 2)}
    async with house.client(OTHER_PARK) as client:
        told = (await client.get(f"{API}/matching/evaluation")).json()
        assert (told["taken"], told["refused"], told["cases"]) == (0, 0, [])
    person = await speaks_for(house, "experts", gears, "east")
    async with house.client(person) as client:
        assert (await client.get(f"{API}/matching/evaluation")).status_code == 403


def _files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


async def test_the_judgements_become_files_without_names(house: House, tmp_path: Path) -> None:
    gears, other, need = await decided(house)
    async with acting_for(house.organisations["east"].node_id) as work:
        counts = await evaluation_files.write(work, tmp_path)
    assert counts == {"projects": 1, "experts": 2, "pairs": 1}
    written = _files(tmp_path)
    everything = "".join(written.values())
    for record in (gears, other, need):
        assert record["id"] not in everything
    assert gears["name"] not in everything
    pair = json.loads(written["lrbench_pairs.jsonl"])
    project = json.loads(written["lrbench_projects.jsonl"])
    assert (pair["project"], pair["gap"]) == (project["id"], 1)
