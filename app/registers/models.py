"""The wire's shapes of a register, generated from its declaration so that OpenAPI knows them."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model

from app.registers.directory import AnyRegister


class Shown(BaseModel):
    """What every record carries besides its own fields.

    A field the caller may not see is absent, not null.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    version: int
    node_id: int
    owner_id: UUID | None
    created_at: datetime
    updated_at: datetime
    labels: dict[str, str | list[str] | None] = Field(description="Words of references and codes")
    moves: list[str] = Field(description="Moves this actor may take now")
    refused: dict[str, str] = Field(default={}, description="Why not, and who can; single reads")
    editable: list[str] = Field(description="Fields this actor may write now")


class FacetValue(BaseModel):
    value: Any
    label: str
    count: int


@cache
def public_model(register: AnyRegister) -> type[Shown]:
    """Return the model of one record as it is answered."""
    own: dict[str, Any] = {}
    for name, f in register.all_fields.items():
        if name in Shown.model_fields:
            continue
        own[name] = (f.known.python | None, Field(default=None, description=f.label.en))
    return create_model(f"{register.row.__name__}Public", __base__=Shown, **own)


@cache
def page_model(register: AnyRegister) -> type[BaseModel]:
    """Return the model of one page of records."""
    return create_model(
        f"{register.row.__name__}Page",
        items=(list[public_model(register)], ...),  # type: ignore[misc,arg-type]
        next=(str | None, Field(description="Pass it back as `after`; null on the last page")),
        total=(int | None, Field(default=None, description="Only when asked: count=true")),
        facets=(dict[str, list[FacetValue]] | None, None),
    )


@cache
def patch_model(register: AnyRegister) -> type[BaseModel]:
    """Return the body with every field optional (RFC 7396); bounds are checked on the whole."""
    fields: dict[str, Any] = {
        name: (info.annotation | None if info.annotation else Any, None)
        for name, info in register.body.model_fields.items()
    }
    return create_model(
        f"{register.row.__name__}Patch", __config__=ConfigDict(extra="forbid"), **fields
    )
