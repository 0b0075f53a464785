"""`park import` and `park export`: an account's own rights, every bad cell told, the trail kept."""

from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from app.access.roles import Role
from app.cli import app as commands
from app.core import db
from tests.house import House

WORKBOOK = Path(__file__).parent / "data" / "workbooks" / "enterprises-zh-CN-300.xlsx"


async def park(*words: str) -> Result:
    """Run a command as an operator would: outside this event loop and its connections."""
    await db.close()
    return await anyio.to_thread.run_sync(lambda: CliRunner().invoke(commands, words))


def read(file: Path, encoding: str = "utf-8") -> str:
    return file.read_text(encoding)


def one(address: str, statement: str, **params: object) -> object:
    engine = sa.create_engine(address, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return connection.scalar(sa.text(statement), params)


async def username(house: House, address: str, role: Role, organisation: str) -> str:
    name = await house.hire(role, organisation)
    found = one(address, "SELECT max(username) FROM account WHERE username LIKE :n", n=f"{name}.%")
    return str(found)


@pytest.fixture
async def clerk(house: House, database: str) -> str:
    return await username(house, database, Role.station_staff, "east-park-station")


async def test_a_dry_run_names_bad_cells_and_writes_nothing(clerk: str, database: str) -> None:
    told = await park("import", "enterprises", str(WORKBOOK), "--user", clerk)
    assert told.exit_code == 1
    place, why = "row 137, column D (成立日期)", "这个日期还没有到：不能晚于今天，请核对。"
    assert f"{place}: {why} [2031-05-01]" in told.output
    assert "288 to create" in told.output
    assert one(database, "SELECT count(*) FROM enterprise") == 0


async def test_commit_writes_the_good_rows_and_says_so_on_the_trail(
    clerk: str, database: str
) -> None:
    told = await park("import", "enterprises", str(WORKBOOK), "--user", clerk, "--commit")
    assert "288 written." in told.output
    assert one(database, "SELECT count(*) FROM enterprise") == 288
    noted = "SELECT request_id FROM audit_entry WHERE verb = 'enterprises.import' AND username = :u"
    assert str(one(database, noted, u=clerk)).startswith("park (")
    live = "SELECT count(*) FROM session WHERE user_agent LIKE 'park%' AND revoked_at IS NULL"
    assert one(database, live) == 0


async def test_an_export_holds_what_the_account_may_see_and_is_noted(
    house: House, clerk: str, database: str, tmp_path: Path
) -> None:
    await park("import", "enterprises", str(WORKBOOK), "--user", clerk, "--commit")
    target = tmp_path / "own.csv"
    told = await park(
        "export", "enterprises", "--user", clerk, "--format", "csv", "--out", str(target)
    )
    assert told.exit_code == 0, told.output
    assert len(read(target, "utf-8-sig").splitlines()) == 1 + 288 + 1  # header, rows, whose copy
    noted = "SELECT (detail->>'rows')::int FROM audit_entry WHERE verb = 'enterprises.export'"
    assert one(database, noted) == 288
    stranger = await username(house, database, Role.station_staff, "west-park-station")
    other = tmp_path / "other.jsonl"
    await park(
        "export", "enterprises", "--user", stranger, "--format", "jsonl", "--out", str(other)
    )
    assert read(other) == ""


@pytest.mark.parametrize(
    ("role", "organisation"), [(Role.committee, "east-park-committee"), (Role.auditor, "province")]
)
async def test_nobody_imports_who_may_not(
    house: House, database: str, role: Role, organisation: str
) -> None:
    who = await username(house, database, role, organisation)
    told = await park("import", "enterprises", str(WORKBOOK), "--user", who)
    assert told.exit_code == 1
    assert one(database, "SELECT count(*) FROM import_batch") == 0


async def test_an_unknown_account_or_register_is_refused_in_a_sentence(
    clerk: str, tmp_path: Path
) -> None:
    target = str(tmp_path / "none.xlsx")
    for words in (("needs", "--user", "nobody"), ("nonsense", "--user", clerk)):
        told = await park("export", *words, "--out", target)
        assert told.exit_code == 1
        assert "没有" in told.output
    assert not Path(target).exists()  # noqa: ASYNC240 -- a test may wait for a file
