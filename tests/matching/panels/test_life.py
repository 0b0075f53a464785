"""A panel from its list of experts to the published result."""

from typing import Any

from tests.house import House, if_match
from tests.libraries.people import (
    API,
    CENTRE,
    LEADER,
    tried,
)
from tests.matching.panels.scene import declared, panel, scene, sheet


async def test_a_panel_runs_from_invitation_to_the_published_result(house: House) -> None:
    there = await scene(house)
    await panel(there, note="先联系院办")
    assert (await there.states()) == {
        "甲一": "reserved",
        "乙二": "reserved",
        "丙三": "reserved",
        "丁四": "reserved",
    }
    await declared(there)
    marks = [("36", "30", "18"), ("20", "24", "10"), ("30", "30", "15.5")]
    opinions = ["approve", "reject", "approve_with_changes"]
    for place, (points, opinion) in enumerate(zip(marks, opinions, strict=True)):
        done = await there.answer(place, "submit", **sheet(*points, opinion=opinion))
        assert done["state"] == "submitted"
    locked = await there.centre("lock")
    assert len(locked["seal"]) == 64
    await there.leader("open")
    summary = await _summary(house, CENTRE, there.panel)
    figures = summary["figures"]
    assert (figures["mean"], figures["median"]) == ("71.17", "75.50")
    assert (figures["lowest"], figures["highest"]) == ("54.00", "84.00")
    assert figures["trimmed_mean"] is None
    assert figures["votes"] == {"approve": 1, "approve_with_changes": 1, "reject": 1}
    assert [c["mean"] for c in figures["criteria"]] == ["28.67", "28.00", "14.50"]
    assert {r["label"]: r["total"] for r in summary["reviewers"]} == {
        "甲一": "84.00",
        "乙二": "54.00",
        "丙三": "75.50",
    }
    early = await _try(house, LEADER, there.panel, "publish")
    assert {e["pointer"] for e in early.json()["errors"]} == {"/conclusion_draft", "/opinion_draft"}
    async with house.client(CENTRE) as centre:
        now = await there.reload()
        draft = {"conclusion_draft": "approve_with_changes", "opinion_draft": "修改后实施。"}
        url = f"{API}/panels/{now['id']}"
        assert (await centre.patch(url, json=draft, headers=if_match(now))).status_code == 200
    published = await there.leader("publish")
    assert (published["conclusion"], published["opinion"]) == (
        "approve_with_changes",
        "修改后实施。",
    )
    assert published["mean_score"] == "71.17"
    assert published["moves"] == []


async def _summary(house: House, who: str, record: dict[str, Any]) -> dict[str, Any]:
    async with house.client(who) as client:
        answer = await client.get(f"{API}/panels/{record['id']}/summary")
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]


async def _try(house: House, who: str, record: dict[str, Any], move: str, **form: Any) -> Any:
    async with house.client(who) as client:
        return await tried(client, "panels", record, move, **form)
