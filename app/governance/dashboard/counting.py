"""Many counts in one statement: each is what a list with that query would count for this actor."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, select

from app.audit.work import Work
from app.registers.directory import AnyRegister
from app.registers.filters import conditions, query_model
from app.registers.suppression import LEAST, UPWARD
from app.registers.visibility import visible

#: A query as the address of a list has it.
Asked = Mapping[str, str | Sequence[str]]


def _where(register: AnyRegister, work: Work, asked: Asked) -> Any:
    told = {k: v if k.partition("__")[1] else _listed(v) for k, v in asked.items()}
    query = query_model(register).model_validate(told)
    return and_(True, *conditions(register, work.actor, query))  # noqa: FBT003 -- and_ of nothing


def _listed(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


async def counts(work: Work, register: AnyRegister, asked: Sequence[Asked]) -> list[int]:
    """Return how many records each query finds; what of it is told, the figure decides."""
    if not asked:
        return []
    columns = [func.count().filter(_where(register, work, one)) for one in asked]
    statement = select(*columns).select_from(register.row).where(visible(register, work.actor))
    row = (await work.session.execute(statement)).one()
    return [int(value) for value in row]


async def median_days(
    work: Work, register: AnyRegister, begun: str, ended: str, asked: Sequence[Asked]
) -> list[float | None]:
    """Return the median of the days from one date to another, over what each query finds.

    None where there is nothing to take it of; upward also where there are too few.
    """
    if not asked:
        return []
    days = getattr(register.row, ended) - getattr(register.row, begun)
    columns = [
        func.percentile_cont(0.5).within_group(days).filter(_where(register, work, one))
        for one in asked
    ]
    statement = select(*columns).select_from(register.row).where(visible(register, work.actor))
    row = (await work.session.execute(statement)).one()
    medians = [None if value is None else float(value) for value in row]
    if work.actor.role not in UPWARD:
        return medians
    many = await counts(work, register, asked)
    return [m if n >= LEAST else None for m, n in zip(medians, many, strict=True)]
