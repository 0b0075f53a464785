"""The route that changes many records of a register at once."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from app.audit.requests import WorkDep
from app.core.errors import Forbidden, Invalid
from app.core.http import documented
from app.registers import batch_plan, batch_tasks, batching, tasks
from app.registers.directory import AnyRegister, open_to
from app.registers.operations import called

JSON = "application/json"


def _described() -> dict[str, Any]:
    """Document the body, which is read only once the caller's rights are known."""
    schema = batch_plan.BatchAsked.model_json_schema()
    schema.pop("$defs")
    rows = schema["properties"]["rows"]["anyOf"][0]
    rows["items"] = batch_plan.RowAsked.model_json_schema()
    return {"requestBody": {"content": {JSON: {"schema": schema}}, "required": True}}


def add_batch_routes(made: APIRouter, register: AnyRegister) -> None:
    """Add ``POST /batch``; like an export it must come before the routes of one record."""

    @made.post(
        "/batch",
        response_model=batching.BatchDone,
        responses=documented(Forbidden) | {202: {"model": tasks.TaskShown}},
        openapi_extra=_described(),
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
