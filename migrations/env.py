"""Alembic's entry point: the metadata of every register, plain SQL types, fail-fast locks."""

import importlib
import importlib.util
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString, SQLModel, UTCDateTime

from app.core.database_roles import owner_url

if importlib.util.find_spec("app.registry"):
    importlib.import_module("app.registry")  # fills the metadata


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write SQLModel's own types as plain ones: a migration outlives the library."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.Text()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():  # `alembic upgrade head --sql`, for reviewers
    context.configure(dialect_name="postgresql", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
elif (given := context.config.attributes.get("connection")) is not None:
    run(given)  # app.core.migrate holds the lock on it
else:
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.connect() as desk:
        run(desk)
