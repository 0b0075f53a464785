"""The accounts people try the demo with: one a role at least, all with the same known password."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.access.roles import Role
from app.access.tables import Account, Hat, Organisation
from app.core.database_roles import owner_url
from app.core.settings import InstallationError
from app.demo.organisations import PASSWORD

_PARKS = ("yq1", "yq2", "xz1", "xz2")
_CITIES = ("yq", "xz")
#: In the order in which they are shown.
USERNAMES = (
    "province",
    *(f"leader-{city}" for city in _CITIES),
    *(f"centre-{city}" for city in _CITIES),
    *(f"station-{park}" for park in _PARKS),
    *(f"committee-{park}" for park in _PARKS),
    *(f"enterprise-{park}-1" for park in _PARKS),
    *(f"expert-{park}-1" for park in _PARKS),
    "auditor",
    "sysadmin",
    "secadmin",
)
_NONE = (
    "This installation has no demo accounts. `park serve --demo` loads them into an empty one:"
    " use another PARK_HOME (or database)."
)


def accounts() -> list[dict[str, str]]:
    """Return role, username, password and organisation of each. Raises InstallationError."""
    statement = (
        sa.select(col(Account.username), col(Hat.role), col(Organisation.name), col(Account.name))
        .join(Hat, col(Hat.account_id) == col(Account.id))
        .join(Organisation, col(Organisation.id) == col(Hat.organisation_id))
        .where(col(Account.fictitious).is_(True), col(Account.username).in_(USERNAMES))
    )
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with Session(engine) as session:
        rows = session.execute(statement).all()
    if not rows:
        raise InstallationError(_NONE)
    rows = sorted(rows, key=lambda row: USERNAMES.index(row[0]))
    return [
        {
            "role": Role(role).value,
            "username": username,
            "password": PASSWORD,
            "organisation": organisation,
        }
        for username, role, organisation, _ in rows
    ]
