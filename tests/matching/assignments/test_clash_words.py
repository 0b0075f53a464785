"""A long list of changes is told in few lines; the whole list stays beside it."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from app.audit.work import Work
from app.matching.assignments import clashes

_WORK = cast(Work, SimpleNamespace(locale="zh-CN"))
_ENGLISH = cast(Work, SimpleNamespace(locale="en"))


def _told(loads: list[int], **more: Any) -> dict[str, Any]:
    changes = [
        {
            "requirement": "load",
            "project_id": None,
            "expert_id": str(UUID(int=n)),
            "by": by,
        }
        for n, by in enumerate(loads)
    ]
    return {
        "projects": [str(UUID(int=n)) for n in range(90)],
        "experts": [],
        "wanted": 450,
        "available": 450 - sum(loads),
        "smallest": True,
        "changes": changes,
    } | more


def _shown(work: Work, told: dict[str, Any]) -> clashes.ClashShown:
    labels = {str(UUID(int=n)): f"专家{n}" for n in range(90)}
    return clashes.shown(work, told, clashes.Names({"projects": {}, "experts": labels}))


def test_the_total_comes_first_and_changes_alike_are_one_line() -> None:
    shown = _shown(_WORK, _told([7] * 39 + [1]))
    assert shown.text.startswith("还差 274 个席位")
    assert shown.summary == ["39 位专家：各多承担 7 个项目", "专家39：多承担 1 个项目"]
    assert len(shown.changes) == 40


def test_no_summary_is_longer_than_ten_lines_and_one_that_says_how_many_more() -> None:
    shown = _shown(_ENGLISH, _told([*range(1, 14), 2]))
    assert len(shown.summary) == 11
    assert shown.summary[-1] == "and 3 more, in the full list"
    assert shown.summary[0].endswith("13 more project(s)")


def test_few_changes_are_all_named() -> None:
    assert len(_shown(_WORK, _told([1] * 10)).summary) == 10


def test_quotas_that_fail_only_together_are_told_so() -> None:
    shown = _shown(_WORK, _told([1], shortages=[], asked=["technical", "unit"]))
    assert "技术专家、同一单位人数上限" in shown.text
    assert "不能同时满足" in shown.text


def test_a_limit_of_one_unit_alone_says_how_many_seats_it_costs() -> None:
    unit = {"requirement": "unit", "project_id": str(UUID(int=1)), "expert_id": None, "by": 2}
    told = _told([], shortages=[], asked=["unit"], changes=[unit, unit])
    told |= {"wanted": 9, "available": 5, "projects": [str(UUID(int=1)), str(UUID(int=2))]}
    shown = _shown(_WORK, told)
    assert shown.text == (
        "受同一单位人数上限所限，还差 4 个席位：这 2 个项目共需 9 个评审席位，"
        "能够参加的专家在上限之内最多承担 5 个。"
    )
    assert shown.changes_text == "最小的调整（合计 4）："
    assert shown.alternative == []
    english = _shown(_ENGLISH, told).text
    assert english.startswith("4 seat(s) are missing under the limit of one unit")
    unproved = _shown(_WORK, told | {"smallest": False}).text
    assert unproved == "每个项目要求的专家人数与以下要求不能同时满足：同一单位人数上限。"
