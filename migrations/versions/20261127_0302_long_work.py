"""Long work: procrastinate's tables in a schema of their own, and who may enqueue.

Revises: cf1027a3b001
"""

from importlib.resources import files
from pathlib import Path

from alembic import op

from migrations import walls

revision = "cf1027a3b002"
down_revision = "cf1027a3b001"
branch_labels = None
depends_on = None

#: The library's own migrations up to here; what a later release adds is a revision of its own.
_LAST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
_ENQUEUE = "park_enqueue(text, text, jsonb, double precision)"


def upgrade() -> None:
    op.execute("CREATE SCHEMA jobs")
    op.execute("SET LOCAL search_path = jobs")
    for script in _of_the_library():
        op.execute(script)
    op.execute((Path(__file__).parents[1] / "jobs.sql").read_text())
    op.execute("SET LOCAL search_path = public")
    worker = walls.role("jobs")
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC")
    op.execute(f"GRANT USAGE ON SCHEMA jobs TO {worker}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO {worker}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO {worker}")
    op.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO {worker}")
    op.execute(f"REVOKE ALL ON FUNCTION {_ENQUEUE} FROM PUBLIC")
    for wall in ("staff", "party"):
        op.execute(f"GRANT EXECUTE ON FUNCTION {_ENQUEUE} TO {walls.role(wall)}")


def _of_the_library() -> list[str]:
    """Return procrastinate's migrations in their order: released files, which never change."""
    folder = files("procrastinate").joinpath("sql", "migrations")
    scripts = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [script.read_text("utf-8") for script in scripts if script.name <= _LAST]


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {_ENQUEUE}")
    op.execute("DROP SCHEMA jobs CASCADE")
