"""Long work: procrastinate's tables in a schema of their own, and who may enqueue.

Revises: cf1027a3b001
"""

from pathlib import Path

from alembic import op

from migrations import walls

revision = "cf1027a3b002"
down_revision = "cf1027a3b001"
branch_labels = None
depends_on = None

_ENQUEUE = "park_enqueue(text, text, jsonb, double precision)"


def upgrade() -> None:
    op.execute("CREATE SCHEMA jobs")
    op.execute("SET LOCAL search_path = jobs")
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


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {_ENQUEUE}")
    op.execute("DROP SCHEMA jobs CASCADE")
