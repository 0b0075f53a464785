"""Which conflict rules are in force: the built-in ones and the region's own, on any day."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.clock import today
from app.core.errors import NotFound
from app.core.http import documented
from app.matching.conflict_rules.service import NAME, PURPOSES, own_rules
from app.matching.conflicts import KINDS, OwnRule, Purpose, Rule, rule_set
from app.matching.conflicts.kinds import source_in
from app.registers.directory import open_to

router = APIRouter(tags=[NAME], responses=documented(NotFound))


class RuleShown(BaseModel):
    """One rule as it stands: built in, or the region's own; in force, or switched off."""

    code: str
    name: str
    purpose: Purpose
    purpose_label: str
    applies: bool
    parameters: dict[str, int]
    source: str
    valid_from: date | None
    valid_to: date | None
    fixed: bool = Field(description="Cannot be switched off")
    origin: Literal["built_in", "region"]
    rule_id: UUID | None = Field(description="The region's own rule")


class RulesShown(BaseModel):
    on: date
    version: str = Field(description="Short hash over the rules in force")
    rules: list[RuleShown]


@router.get(f"/{NAME}/effective", operation_id="effective_conflict_rules", summary="Rules in force")
async def effective(
    work: WorkDep,
    on: Annotated[date | None, Query(description="Today unless said")] = None,
    purpose: Purpose | None = None,
    region_id: Annotated[int | None, Query(description="One's own unless said")] = None,
) -> RulesShown:
    open_to(NAME, work.actor.role)
    region = work.actor.region_id if region_id is None else region_id
    if region not in {work.actor.region_id, *work.actor.nodes}:
        raise NotFound
    day = on or today()
    own = await own_rules(work, region, day)
    rules = rule_set(KINDS.values(), own)
    shown = [*(_in_force(work, rule) for rule in rules.rules), *_switched_off(work, own)]
    asked = [one for one in shown if purpose in (None, one.purpose)]
    return RulesShown(on=day, version=rules.version, rules=asked)


def _in_force(work: Work, rule: Rule) -> RuleShown:
    return RuleShown(
        code=rule.code,
        name=rule.name.in_(work.locale),
        purpose=rule.purpose,
        purpose_label=PURPOSES[rule.purpose].in_(work.locale),
        applies=True,
        parameters=dict(rule.parameters),
        source=source_in(rule.source, work.locale),
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        fixed=rule.kind.fixed,
        origin="region" if rule.origin else "built_in",
        rule_id=rule.origin,
    )


def _switched_off(work: Work, own: list[OwnRule]) -> Iterator[RuleShown]:
    for word in own:
        kind = KINDS[word.code]
        if word.applies or kind.fixed:
            continue
        rule = Rule(
            kind, word.purpose, {}, word.source, word.valid_from, word.valid_to, word.origin
        )
        yield _in_force(work, rule).model_copy(update={"applies": False})
