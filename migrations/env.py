"""Alembic's entry point: plain SQL types, fail-fast locks, one transaction a revision.

Migrating needs no model, and an installation's start does not wait for them; only the developer's
`alembic revision --autogenerate` and `alembic check` compare the database with the registers.
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from app.core.database_roles import owner_url


def models() -> sa.MetaData:
    """Everything every register declares."""
    from sqlmodel import SQLModel

    import app.registry  # noqa: F401  importing it fills the metadata

    return SQLModel.metadata


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write SQLModel's own types as plain ones: a migration outlives the library."""
    from sqlmodel import AutoString, UTCDateTime

    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.Text()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_object(_: Any, name: str | None, kind: str, reflected: bool, __: Any) -> bool:  # noqa: FBT001
    """Leave the trail's monthly partitions to the database."""
    return not (reflected and kind == "table" and (name or "").startswith("audit_entry_"))


def compare_type(*about: Any) -> bool | None:
    """A text without a length is TEXT, whatever the library calls it."""
    from sqlmodel import AutoString

    *_, found, wanted = about  # alembic's context and the two columns come first
    if isinstance(found, sa.TEXT) and isinstance(wanted, AutoString) and not wanted.length:
        return False
    return None


def run(connection: sa.Connection, metadata: sa.MetaData | None) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render_item,
        compare_server_default=True,
        compare_type=compare_type,
        include_object=include_object,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if context.config.attributes.get("load"):
        load(connection)


def load(connection: sa.Connection) -> None:
    """Bring the code tables and the calendar to what this release ships; repeatable."""
    from app.catalogues.codes import load_codes
    from app.catalogues.workdays import load_workdays

    if connection.scalar(sa.text("SELECT to_regclass('public.workday')")) is None:
        return  # a developer's database between two revisions
    load_codes(connection)
    load_workdays(connection)
    connection.execute(sa.text("SELECT park_prepare_months(3)"))
    connection.commit()


if context.is_offline_mode():  # `alembic upgrade head --sql`, for reviewers
    context.configure(dialect_name="postgresql", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
elif (given := context.config.attributes.get("connection")) is not None:
    run(given, context.config.attributes.get("metadata"))  # app.core.migrate holds a lock on it
else:
    engine = sa.create_engine(
        owner_url(), poolclass=sa.NullPool, connect_args={"options": "-c lock_timeout=4s"}
    )
    with engine.connect() as desk:
        run(desk, models())
