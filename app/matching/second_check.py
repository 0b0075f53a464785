"""Asked after every selection: are the chosen clear, by raw rows and code the rules do not share?

The rows are read anew and whole, not taken from what ranked, drew or assigned; the region's periods
are read from its own rows, not from the rule set.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import RowMapping, select, text
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import today
from app.core.labels import T
from app.ledgers.needs.models import Need
from app.libraries.experts.models import Expert
from app.libraries.projects.models import Project
from app.matching.conflicts.refusal import MustAvoid
from app.matching.conflicts.rules import Purpose
from app.matching.conflicts.second_check import DEFAULTS, Limits, first_clash
from app.matching.conflicts.second_names import Row, plain, right_code
from app.matching.names import spellings

_RULES = text("SELECT * FROM park_conflict_rules(:region, :day)")
_NAMES = text("SELECT * FROM park_enterprise_names(:ids, :codes, :names)")
_LED = text("SELECT * FROM park_led_projects(:names)")
_OWNED = text("SELECT * FROM park_owned_achievements(:experts)")
_TASKS = text("SELECT * FROM park_engagements(:experts)")
_TOGETHER = text(
    "SELECT r.id, p.assignment_id AS batch FROM review r"
    " JOIN panel p ON p.region_id = r.region_id AND p.id = r.panel_id"
    " JOIN assignment a ON a.region_id = p.region_id AND a.id = p.assignment_id"
    " WHERE r.expert_id = ANY(:experts) AND a.state = 'adopted'"
    " AND p.project_id = ANY(a.project_ids)"
)
_PERIOD = {"interest": "percent", "rotation": "days", "named_by_applicant": "cap"}
_DONE = frozenset({"accepted", "working", "done", "done_no_help"})
_UNASKED = frozenset({"proposed", "chosen", "rejected"})

_GONE = T(
    "复核未通过：所选专家中有人已不在您可用的专家库中，请重新选择。",
    "The second check failed: one of the experts is no longer in a library you may use; choose"
    " again.",
)
_CLASH = T(
    "复核未通过：{expert}与该事项存在应当回避的情形，请改选其他专家。",
    "The second check failed: a conflict keeps {expert} away from this matter; choose another"
    " expert.",
)


async def require_clear(
    work: Work,
    row: Need | Project | None,
    expert_ids: Sequence[UUID],
    purpose: Purpose,
    day: date | None = None,
    avoided: Sequence[str] = (),
    batch: UUID | None = None,
) -> None:
    """Look at a selection a second time. Raises MustAvoid.

    ``row`` is None for a matter without an applicant; ``avoided`` are names or ids of experts whom
    the applicant asked not to have, besides those the need itself names; ``batch`` is the adopted
    assignment the matter is judged with.
    """
    if not expert_ids:
        return
    day = day or today()
    experts = await _experts(work, expert_ids)
    if len(experts) < len(set(expert_ids)):
        raise MustAvoid(_GONE)
    matter = {**await _matter(work, row, avoided), "batch": batch}
    region = row.region_id if row is not None else work.actor.region_id
    limits = await _limits(work, region, day, purpose)
    found = first_clash(experts, matter, day, limits)
    if found is not None:
        raise MustAvoid(_CLASH, {"expert": str(found[0]["name"])})


async def _limits(work: Work, region: int, day: date, purpose: Purpose) -> Limits:
    limits: dict[str, int | None] = dict(DEFAULTS[purpose.value])
    found = await work.session.execute(_RULES, {"region": region, "day": day})
    for row in found.mappings():
        if row["purpose"] != purpose.value:
            continue
        code = row["code"]
        period = row[_PERIOD.get(code, "years")]
        usual = DEFAULTS["review"].get(code, 0)
        limits[code] = None if row["effect"] == "suspend" else usual if period is None else period
    return limits


async def _experts(work: Work, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    table = Expert.__table__  # type: ignore[attr-defined]
    statement = select(table).where(table.c.id.in_(ids), table.c.deleted_at.is_(None))
    rows = [dict(row) for row in (await work.session.execute(statement)).mappings()]
    await _name(work, rows)
    asked = {"experts": [row["id"] for row in rows]}
    names = sorted(spellings({row["name"] for row in rows}))
    led = (await work.session.execute(_LED, {"names": names})).mappings().all()
    owned = (await work.session.execute(_OWNED, asked)).mappings().all()
    tasks = (await work.session.execute(_TASKS, asked)).mappings().all()
    given = {row["id"]: row["batch"] for row in await _together(work, asked)}
    projects, achievements, work_of = _shared_out(led, owned, tasks)
    for row in rows:
        row["led"] = [_project(p) for p in projects[plain(row["name"])]]
        row["owned"] = [_achievement(a) for a in achievements[row["id"]]]
        row["tasks"] = [{**_task(t), "batch": given.get(t["id"])} for t in work_of[row["id"]]]
    return rows


_Shared = defaultdict[Any, list[RowMapping]]


def _shared_out(
    led: Iterable[RowMapping], owned: Iterable[RowMapping], tasks: Iterable[RowMapping]
) -> tuple[_Shared, _Shared, _Shared]:
    """Lay what was read beside whose it is, looking at each row once: pools hold thousands."""
    projects, achievements, work_of = _Shared(list), _Shared(list), _Shared(list)
    for p in led:
        projects[plain(p["leader_name"])].append(p)
    for a in owned:
        achievements[a["expert_id"]].append(a)
    for t in tasks:
        work_of[t["expert_id"]].append(t)
    return projects, achievements, work_of


async def _together(work: Work, asked: Mapping[str, Any]) -> Sequence[RowMapping]:
    """Return which tasks an adopted batch gave."""
    return (await work.session.execute(_TOGETHER, asked)).mappings().all()


async def _name(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Name the organisations that experts give by their code alone, where somebody knows them."""
    nameless = [one for row in rows for one in _coded(row) if not plain(one.get("organisation"))]
    codes = {right_code(_code(one)) for one in nameless} - {""}
    if not codes:
        return
    asked = {"ids": [], "codes": sorted(codes), "names": []}
    ledger = (await work.session.execute(_NAMES, asked)).mappings().all()
    known = {row["uscc"]: row["name"] for row in ledger if not row["former"]}
    elsewhere = select(col(Expert.organisation_uscc), col(Expert.organisation)).where(
        col(Expert.organisation_uscc).in_(codes), col(Expert.organisation).is_not(None)
    )
    for code, name in (await work.session.execute(elsewhere)).all():
        known.setdefault(code, name)
    for one in nameless:
        one["organisation"] = known.get(right_code(_code(one)))


def _coded(row: dict[str, Any]) -> list[dict[str, Any]]:
    lists = ("employments", "shareholdings", "relations", "avoid_organisations")
    return [row, *(one for field in lists for one in row[field])]


def _code(one: Mapping[str, Any]) -> str | None:
    found = one.get("organisation_uscc") or one.get("uscc")
    return str(found) if found else None


def _project(row: RowMapping) -> Row:
    nothing = row["state"] == "rejected"
    bodies = [] if nothing else list(row["undertakers"])
    return {"id": row["id"], "bodies": bodies, "until": row["period_to"]}


def _achievement(row: RowMapping) -> Row:
    gone = row["state"] == "withdrawn"
    return {
        "id": row["id"],
        "bodies": [] if gone else [{"name": row["owner_name"]}],
        "enterprise_ids": [] if gone or not row["enterprise_id"] else [row["enterprise_id"]],
    }


def _task(row: RowMapping) -> Row:
    kept = "unasked" if row["state"] in _UNASKED else row["register_name"]
    return {
        "register": kept,
        "on": row["asked_on"],
        "accepted": row["state"] in _DONE,
        "subject_id": row["subject_id"],
        "bodies": row["undertakers"],
        "enterprise_ids": row["enterprise_ids"],
    }


async def _matter(work: Work, row: Need | Project | None, avoided: Sequence[str]) -> Row:
    if row is None:
        return {"id": None, "bodies": [], "general": True, "avoided_besides": list(avoided)}
    written: list[Mapping[str, Any]] = []
    ids: list[Any] = []
    if isinstance(row, Project):
        written = [dict(one) for one in to_jsonable_python(row.undertakers)]
        ids = [one["enterprise_id"] for one in written if one.get("enterprise_id")]
    elif row.enterprise_id:
        ids = [row.enterprise_id]
    asked = {
        "ids": [UUID(str(one)) for one in ids],
        "codes": sorted({right_code(one.get("uscc")) for one in written} - {""}),
        "names": sorted({one["name"] for one in written if one.get("name")}),
    }
    known = (await work.session.execute(_NAMES, asked)).mappings().all()
    mine = [str(one) for one in row.avoid_experts] if isinstance(row, Need) else []
    return {
        "id": row.id,
        "bodies": [*written, *known],
        "leader_name": row.leader_name if isinstance(row, Project) else None,
        "officers": [one["legal_representative"] for one in known if one["legal_representative"]],
        "avoided": mine,
        "avoided_besides": list(avoided),
        "enterprises": [one["id"] for one in known],
    }
