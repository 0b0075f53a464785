"""The route that changes many records of a register at once."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from app.audit.requests import WorkDep
from app.core.description import body_of
from app.core.errors import Forbidden, Invalid
from app.core.http import documented
from app.registers import batch_plan, batch_tasks, batching, tasks
from app.registers.directory import AnyRegister, open_to
from app.registers.operations import called


def add_batch_routes(made: APIRouter, register: AnyRegister) -> None:
    """Add ``POST /batch``; like an export it must come before the routes of one record."""

    @made.post(
        "/batch",
        response_model=batching.BatchDone,
        responses=documented(Forbidden) | {202: {"model": tasks.TaskShown}},
        openapi_extra=body_of(batch_plan.BatchAsked),
        **called(register, "batch"),
    )
    async def batch_records(
        work: WorkDep, given: Annotated[dict[str, Any], Body()]
    ) -> batching.BatchDone | Response:
        open_to(register.name, work.actor.role)
        plan = await batch_plan.planned(work, register, given)
        if len(plan.rows) > batch_plan.AT_ONCE:
            if plan.dry_run:
                raise Invalid(batch_plan.TOO_MANY, {"most": batch_plan.AT_ONCE})
            task = await batch_tasks.ask(work, register, plan, batch_plan.AT_ONCE)
            return tasks.accepted(work, task)
        return await batching.run(work, register, plan)
