"""What happens beside a written rule, and which rules are in force in a region on a day."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import today
from app.core.errors import FieldError, Invalid
from app.core.labels import T
from app.matching.conflict_rules.acts import ACTIVATE
from app.matching.conflict_rules.models import ConflictRule, Effect, RuleState
from app.matching.conflicts import KINDS, Code, OwnRule, Parameter, Purpose, RuleSet, rule_set
from app.registers import directory, writing
from app.registers.approvals.service import ask, settle
from app.registers.keeping import stored
from app.registers.register import Change

NAME = "conflict-rules"
PURPOSES: dict[str, T] = {
    Purpose.match: T("对接", "Matching"),
    Purpose.review: T("评审", "Review"),
}

_IN_FORCE = text("SELECT * FROM park_conflict_rules(:region, :day)")
_PAST = T(
    "规则不能追溯生效，请把生效日期改为今天或以后。",
    "A rule does not reach back; make it valid from today or later.",
)


def derive(row: ConflictRule) -> None:
    """Name the rule, and seal what it quotes."""
    purpose = PURPOSES[Purpose(row.purpose)]
    row.name = f"{KINDS[Code(row.code)].name.zh}（{purpose.zh}）"
    row.quote_hash = hashlib.sha256(row.quote.encode()).hexdigest() if row.quote else None


async def note_author(work: Work, change: Change[ConflictRule]) -> None:
    """Remember who wrote a draft and asks for it: none of them may put it into force."""
    row = change.row
    if row.state != RuleState.draft:
        return
    if work.actor.account_id not in row.authors:
        row.authors = [*row.authors, work.actor.account_id]
    derive(row)
    await ask(
        work,
        ACTIVATE,
        record_id=row.id,
        node_id=row.node_id,
        label=row.name,
        barred=row.authors,
        anew=True,
    )


async def on_activate(work: Work, change: Change[ConflictRule]) -> None:
    """Put a rule into force and have it take the place of those it overlaps, as the second person.

    Raises Invalid, Conflict, Forbidden.
    """
    row = change.row
    if row.valid_from < today():
        raise Invalid.of(FieldError("/valid_from", "in_past", _PAST))
    await settle(work, ACTIVATE, row.id)
    row.activated_by_id, row.activated_by = work.actor.account_id, work.actor.name
    row.activated_on = today()
    for other in await _overlapped(work, row):
        before = stored(directory.named(NAME), other)
        other.state = RuleState.replaced
        other.replaced_from = max(other.valid_from, row.valid_from)
        done: Change[ConflictRule] = Change(other, before)
        await writing.write(work, directory.named(NAME), done, "replace", reason=row.note)


async def _overlapped(work: Work, row: ConflictRule) -> Sequence[ConflictRule]:
    """Return the active rules of the same kind and purpose whose time overlaps, locked."""
    key = f"conflict_rule/{row.region_id}/{row.code}/{row.purpose}"
    await work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    statement = (
        select(ConflictRule)
        .where(
            col(ConflictRule.region_id) == row.region_id,
            col(ConflictRule.code) == row.code,
            col(ConflictRule.purpose) == row.purpose,
            col(ConflictRule.state) == RuleState.active,
            col(ConflictRule.id) != row.id,
            func.coalesce(col(ConflictRule.valid_to), date.max) >= row.valid_from,
            col(ConflictRule.valid_from) <= (row.valid_to or date.max),
        )
        .with_for_update()
    )
    return list((await work.session.execute(statement)).scalars())


async def own_rules(where: Work | AsyncSession, region_id: int, day: date) -> list[OwnRule]:
    """Return a region's own word in force on ``day``, whoever asks."""
    session = where.session if isinstance(where, Work) else where
    found = await session.execute(_IN_FORCE, {"region": region_id, "day": day})
    return [_own(row) for row in found.mappings()]


async def rules_in_force(where: Work | AsyncSession, region_id: int, day: date) -> RuleSet:
    """Return the rules in force in a region on a day: its own, else the built-in ones."""
    return rule_set(KINDS.values(), await own_rules(where, region_id, day))


def _own(row: Any) -> OwnRule:
    given = {p.value: row[p.value] for p in Parameter if row[p.value] is not None}
    return OwnRule(
        code=Code(row["code"]),
        purpose=Purpose(row["purpose"]),
        applies=row["effect"] == Effect.apply,
        parameters=given,
        source="".join(
            part for part in (row["document"], row["document_no"], row["clause"]) if part
        ),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        origin=row["id"],
    )
