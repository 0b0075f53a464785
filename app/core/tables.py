"""What every table shares: names of constraints, how enums are stored, the base of all records."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Enum, Integer, SmallInteger, Text, false
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.ids import new_id

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def stored_as_text(states: type[StrEnum]) -> Enum:
    """Keep an enum as VARCHAR plus CHECK of its *values*; a native enum cannot drop one."""
    return Enum(
        states,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=states.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def list_field(max_length: int = 50) -> Any:
    """Declare a list (tags, codes, rows of a model): a JSONB column, empty rather than null."""
    return Field(
        default_factory=list,
        max_length=max_length,
        sa_type=JSONB,
        sa_column_kwargs={"server_default": "[]"},
    )


def false_field() -> Any:
    """Declare a switch that is off unless something turns it on."""
    return Field(default=False, sa_column_kwargs={"server_default": false()})


def pinyin_field() -> Any:
    """Declare the column ``<name>_py`` a name is sorted by; its order is that of its bytes."""
    return Field(default="", sa_type=Text(collation="C"))


class Record(SQLModel):
    """A row of a register.

    The key is (region, id): ``region_id`` is the city's organisation, so that a table can be
    spread by region without changing a key (docs/decisions/0002-key-shape.md).
    ``node_id`` is the park, city or province that owns the record; row-level security reads it.
    ``owner_id`` is the enterprise or expert it belongs to, where it belongs to one.
    """

    region_id: int = Field(primary_key=True, sa_type=SmallInteger)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    node_id: int = Field(sa_type=Integer)
    owner_id: UUID | None = None
    version: int = Field(default=1, description="Counts edits from 1; sent as the ETag")
    created_at: datetime = Field(default_factory=now)
    created_by: UUID | None = None
    updated_at: datetime = Field(default_factory=now)
    updated_by: UUID | None = None
    deleted_at: datetime | None = None

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 -- SQLAlchemy hands in the class
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


#: Columns of :class:`Record` that no body may carry.
SYSTEM_COLUMNS: frozenset[str] = frozenset(Record.model_fields)


class Body(SQLModel):
    """What an author writes: unknown fields are refused, texts are stripped."""

    model_config = {"extra": "forbid", "str_strip_whitespace": True}
