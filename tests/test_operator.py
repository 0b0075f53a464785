"""Accounts from the command line: a link instead of a password, and a line on the trail."""

import psycopg
import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from app.access.setup import first_link
from app.cli import app
from app.core.database_roles import conninfo

pytestmark = pytest.mark.usefixtures("database")


def park(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def trail(database: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo(make_url(database))) as connection:
        return connection.execute(
            "select verb, record_label from audit_entry order by at"
        ).fetchall()


def test_an_account_is_created_listed_reset_and_disabled(database: str) -> None:
    first_link()
    code, link = park("user", "create", "wang", "--name", "王芳", "--role", "province_staff",
                      "--organisation", "root")  # fmt: skip
    assert code == 0
    assert "/setup?token=" in link
    assert "wang" in park("user", "list")[1]
    code, again = park("user", "reset", "WANG")
    assert code == 0
    assert again != link
    assert park("user", "disable", "wang")[0] == 0
    assert "disabled" in park("user", "list", "--json")[1]
    assert trail(database)[-2:] == [("account.reset", "wang"), ("account.disable", "wang")]


@pytest.mark.parametrize("verb", ["reset", "disable"])
def test_a_name_that_does_not_exist_is_said_in_words(verb: str) -> None:
    code, said = park("user", verb, "nobody")
    assert code == 1
    assert "nobody" in said


def test_an_organisation_that_does_not_exist_is_said_in_words() -> None:
    code, said = park("user", "create", "li", "--name", "李", "--role", "expert",
                      "--organisation", "no-such")  # fmt: skip
    assert code == 1
    assert "no-such" in said
