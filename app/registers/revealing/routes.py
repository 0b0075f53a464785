"""POST /{register}/{id}/reveal, of the registers that keep personal values."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, Field, ValidationError

from app.access.step_up import StepUp
from app.audit.requests import WorkDep
from app.core.errors import Forbidden, TooMany
from app.core.http import documented
from app.core.tables import Body as Form
from app.core.validation import invalid
from app.registers.directory import AnyRegister, open_to
from app.registers.operations import called
from app.registers.revealing.service import require_right, reveal


class RevealForm(Form):
    reason: str = Field(min_length=2, max_length=500)


class Revealed(BaseModel):
    """Personal values in plain; whoever asked is on the trail with the reason given."""

    values: dict[str, str] = Field(description="By field; fields without a value are left out")
    left_today: int = Field(description="How many records this account may still ask for today")


def add_reveal_route(made: APIRouter, register: AnyRegister) -> None:
    """Add the route to a register that keeps personal values."""
    if not register.secrets:
        return

    @made.post(
        "/{id}/reveal",
        responses=documented(Forbidden, StepUp, TooMany),
        openapi_extra={
            "requestBody": {
                "content": {"application/json": {"schema": RevealForm.model_json_schema()}},
                "required": True,
            }
        },
        **called(register, "reveal"),
    )
    async def reveal_record(
        work: WorkDep,
        response: Response,
        id: UUID,  # noqa: A002 -- the name in the path
        given: Annotated[dict[str, Any] | None, Body()] = None,
    ) -> Revealed:
        open_to(register.name, work.actor.role)
        await require_right(work, register, id)  # before the form: a stranger learns nothing of it
        try:
            form = RevealForm.model_validate(given or {})
        except ValidationError as exc:
            raise invalid(exc.errors()) from exc
        response.headers["Cache-Control"] = "private, no-store"
        values, left = await reveal(work, register, id, form.reason)
        return Revealed(values=values, left_today=left)
