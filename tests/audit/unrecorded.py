"""Acts tried over HTTP while the trail is away: none may be done that cannot be recorded."""

from typing import Any

from app.audit.operators import owner
from app.audit.sealing import Connection
from app.core import db
from tests import house
from tests.ledgers.builders import STATION, a_credit_code, an_enterprise, call

#: What both keepers of accounts look at; neither changes anything by it.
LOOKING = {"accounts_list", "accounts_grants"}
_TABLES = "enterprise need service_log_entry organisation account hat record_version change_entry"


async def acts_without_the_trail() -> tuple[int, int]:
    """Take the trail away, try what writes, look at every table; return (tried, committed)."""
    from app.main import create_app

    built = await house.build(create_app())
    try:
        return await acts_in(built)
    finally:
        await db.close()


async def acts_in(built: house.House) -> tuple[int, int]:
    firm = await an_enterprise(built)
    with owner() as connection:
        before = _counts(connection)
        connection.execute("ALTER TABLE audit_entry RENAME TO audit_entry_away")
        statuses = [await _tried(built, *act) for act in _acts(built, firm)]
        connection.execute("ALTER TABLE audit_entry_away RENAME TO audit_entry")
        after = _counts(connection)
    done = sum(status < 400 for status in statuses)
    changed = sum(after[table] != before[table] for table in before)
    return len(statuses), max(done, changed)


def _acts(
    built: house.House, firm: dict[str, Any]
) -> list[tuple[str, str, str, Any, dict[str, str]]]:
    one = f"/enterprises/{firm['id']}"
    version = {"If-Match": f'"{firm["version"]}"'}
    need = {"title": "需求", "description": "说明", "enterprise_id": firm["id"]}
    unit = {
        "kind": "station",
        "code": "x-station",
        "name": "样例",
        "parent_id": built.organisations["east-park"].id,
    }
    account = {"username": "someone", "name": "某人"}
    return [
        (
            STATION,
            "POST",
            "/enterprises",
            {"name": "样例科技有限公司", "uscc": a_credit_code()},
            {},
        ),
        (STATION, "PUT", one, {"name": "样例改名有限公司", "uscc": firm["uscc"]}, version),
        (STATION, "DELETE", one, None, version),
        (STATION, "POST", "/needs", need, {}),
        (STATION, "POST", f"{one}/comments", {"text": "评论"}, {}),
        (STATION, "GET", "/enterprises/export.csv", None, {}),
        ("system_admin@province", "POST", "/accounts", account, {}),
        ("system_admin@province", "POST", "/organisations", unit, {}),
        ("auditor@east", "GET", "/audit/export.csv", None, {}),
        ("auditor@east", "GET", "/audit/seals/export.jsonl.gz", None, {}),
    ]


async def _tried(
    built: house.House, who: str, method: str, path: str, json: Any, headers: dict[str, str]
) -> int:
    answer = await call(built, who, method, path, json, **headers)
    return answer.status_code


def _counts(connection: Connection) -> dict[str, Any]:
    """The rows of each table, versions included: an update is seen too."""
    found = {}
    for table in _TABLES.split():
        query = (
            f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
        )
        found[table] = connection.execute(query.encode()).fetchall()[0][0]
    return found
