"""What the database holds, against what the writers were told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.database_roles import owner_url
from bench.walls.faults.installation import Installation, settings_of
from bench.walls.faults.writers import Acknowledged

_UNAUDITED = sa.text(
    "SELECT n.id::text FROM need n WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE"
    " a.record_id = n.id AND a.verb = 'needs.create') OR NOT EXISTS (SELECT FROM"
    " record_version v WHERE v.record_id = n.id)"
)


@dataclass(frozen=True)
class Balance:
    """Acknowledged but not there as acknowledged; there twice; there without its trail."""

    lost: list[str]
    doubled: list[str]
    unaudited: list[str]

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.unaudited)


def balance(installation: Installation, told: Mapping[str, Acknowledged]) -> Balance:
    """Return what is missing of what the writers were told."""
    with settings_of(installation):
        engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT title, id::text FROM need"))
        rows = [(str(title), str(id_)) for title, id_ in found]
        unaudited = list(connection.execute(_UNAUDITED).scalars())
    there, often = dict(rows), Counter(title for title, _ in rows)
    lost = [title for title, one in dict(told).items() if there.get(title) != one.id]
    return Balance(lost, [title for title, times in often.items() if times > 1], unaudited)


def statement(installation: Installation, text: str) -> None:
    """Execute one statement as the owner of the database, outside a transaction."""
    with settings_of(installation):
        engine = sa.create_engine(owner_url(), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(text))
