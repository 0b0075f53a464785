"""What must be true of the whole house: its API, its words, its tables, its lists."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import Enum, event
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

import app
from app.core.labels import LOCALES, T
from app.registers import directory
from tests.access.oracle import OPEN, SEES
from tests.house import House
from tests.ledgers.builders import CENTRE, STATION, an_enterprise, call

_serial = count(1)
_DESCRIPTION = Path("docs/openapi.json")


def _words() -> Iterator[tuple[str, T]]:
    """Yield every text of the house, with where it stands."""
    seen: set[int] = set()
    for path in Path("app").rglob("*.py"):
        name = ".".join(path.with_suffix("").parts)
        module = __import__(name, fromlist=["_"])
        assert isinstance(module, ModuleType)
        for attribute, value in vars(module).items():
            for text in _texts(value, seen):
                yield f"{name}.{attribute}", text


def _texts(value: Any, seen: set[int]) -> Iterator[T]:
    """Yield the texts in a value, through the containers and declarations of the house."""
    if id(value) in seen:
        return
    if isinstance(value, T):
        yield value
        return
    inside: list[Any] = []
    if isinstance(value, dict):
        inside = list(value.values())
    elif isinstance(value, list | tuple | set | frozenset):
        inside = list(value)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        inside = [getattr(value, field, None) for field in value.__dataclass_fields__]
    elif isinstance(value, type) and issubclass(value, Exception):
        inside = list(vars(value).values())
    if inside:
        seen.add(id(value))
    for one in inside:
        yield from _texts(one, seen)


def test_every_text_stands_in_all_three_languages() -> None:
    found = list(_words())
    assert len(found) > 500
    empty = {
        (where, text.zh, locale)
        for where, text in found
        for locale in LOCALES
        if not text.in_(locale).strip()
    }
    assert empty == set()


def test_every_operation_has_a_name_of_its_own_and_a_key_or_an_open_door(app: FastAPI) -> None:
    operations = [told for methods in app.openapi()["paths"].values() for told in methods.values()]
    names = [told["operationId"] for told in operations]
    assert len(names) == len(set(names))
    for told in operations:
        assert bool(told.get("security")) != (told["operationId"] in OPEN), told["operationId"]


def test_the_committed_description_of_the_api_is_the_apps(app: FastAPI) -> None:
    """As ``park openapi --check`` of ``make check`` says, here where the matrix reads it too."""
    assert json.loads(_DESCRIPTION.read_text()) == json.loads(json.dumps(app.openapi()))


@pytest.mark.usefixtures("app")
def test_registers_are_told_apart_in_every_language() -> None:
    registers = [r for r in directory.everything() if r.name != "toys"]
    for locale in LOCALES:
        for said in ("label", "label_one"):
            labels = [getattr(register, said).in_(locale) for register in registers]
            assert len(set(labels)) == len(labels), (locale, said)
        for register in registers:
            fields = [f.label.in_(locale) for f in register.all_fields.values()]
            assert len(set(fields)) == len(fields), (register.name, locale)


def test_every_choice_of_a_column_is_checked_by_the_migrated_database(database: str) -> None:
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE contype = 'c'"
            )
        ).all()
    engine.dispose()
    columns = 0
    for table in SQLModel.metadata.sorted_tables:
        if table.name == "toy":
            continue
        checks = [text for name, text in rows if name.strip('"') == table.name]
        for column in table.columns:
            if isinstance(column.type, Enum):
                columns += 1
                values = set(column.type.enums)
                own = [c for c in checks if f"(({column.name})::text" in c]
                assert any(all(f"'{v}'" in c for v in values) for c in own), (table, column, own)
    assert columns > 20


@pytest.mark.usefixtures("database")
def test_the_migrations_make_exactly_what_the_tables_declare() -> None:
    """Ask in a process of its own: other tests put a toy register into this one's metadata."""
    place = Path(app.__file__).parents[1] / "migrations"
    told = (
        "from alembic import command; from alembic.config import Config; config = Config();"
        f"config.set_main_option('script_location', {str(place)!r}); command.check(config)"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]


@contextmanager
def _statements() -> Iterator[list[str]]:
    """Collect the statements sent to the database meanwhile."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def _fill(house: House, register: str, firm: dict[str, Any], many: int) -> None:
    mine = {"enterprise_id": firm["id"]}
    batch: dict[str, Any] = {}
    if register == "assignments":
        one = await call(house, STATION, "POST", "/projects", {"title": "样例指派项目"})
        batch = {"project_ids": [one.json()["id"]]}
    for number in islice(_serial, many):
        given: dict[str, tuple[str, dict[str, Any]]] = {
            "qualifications": (STATION, {"kind": "other", "certificate_no": f"证{number}"} | mine),
            "needs": (STATION, {"title": f"需求{number}", "description": "说明"} | mine),
            "service-log": (
                STATION,
                {"title": "走访", "kind": "visit", "enterprise_ids": [firm["id"]]},
            ),
            "projects": (
                STATION,
                {
                    "title": f"样例项目{number}",
                    "undertakers": [{"enterprise_id": firm["id"], "role": "lead"}],
                },
            ),
            "experts": (CENTRE, {"name": f"专家{number}", "hightech_fields": ["08"]}),
            "achievements": (
                STATION,
                {"title": f"样例成果{number}", "owner_name": "样例大学"} | mine,
            ),
            "draws": (STATION, {"title": f"抽取{number}", "subject_note": f"样例事项{number}"}),
            "panels": (CENTRE, {"title": f"评审组{number}", "subject_note": "样例事项"}),
            "assignments": (CENTRE, {"title": f"指派{number}"} | batch),
            "conflict-rules": (
                CENTRE,
                {"code": "interest", "purpose": "match", "document": f"办法{number}"}
                | {"clause": "第一条", "valid_from": "2026-12-01", "note": "从严"},
            ),
        }
        who, fields = given[register]
        answer = await call(house, who, "POST", f"/{register}", fields)
        assert answer.status_code == 201, answer.text


async def _counted(house: House, register: str) -> tuple[int, int]:
    """Return how many rows a list has and how many statements it took."""
    own = ("experts", "panels", "reviews", "conflict-rules", "assignments")
    who = CENTRE if register in own else STATION
    with _statements() as sent:
        answer = await call(house, who, "GET", f"/{register}?limit=200&count=true&facets=")
    assert answer.status_code == 200, answer.text
    return len(answer.json()["items"]), len(sent)


@pytest.mark.parametrize("register", sorted(SEES))
async def test_a_long_list_costs_as_many_statements_as_a_short_one(
    house: House, register: str
) -> None:
    firm = await an_enterprise(house)
    if register == "matches":
        await _matches(house, firm, 1)
    elif register == "reviews":
        await _reviews(house, 1)
    elif register != "enterprises":
        await _fill(house, register, firm, 1)
    short = await _counted(house, register)
    if register == "matches":
        await _matches(house, firm, 9)
    elif register == "reviews":
        await _reviews(house, 9)
    elif register == "enterprises":
        for _ in range(9):
            await an_enterprise(house)
    else:
        await _fill(house, register, firm, 9)
    long = await _counted(house, register)
    assert long[0] >= short[0] + 9
    assert long[1] == short[1]


async def _matches(house: House, firm: dict[str, Any], many: int) -> None:
    need = {"title": "需求", "description": "说明", "enterprise_id": firm["id"]}
    for _ in range(many):
        made = (await call(house, STATION, "POST", "/needs", need)).json()
        for move in ("submit", "accept"):
            path = f"/needs/{made['id']}/moves/{move}"
            version = {"If-Match": f'"{made["version"]}"'}
            made = (await call(house, STATION, "POST", path, {}, **version)).json()
        given = {"need_id": made["id"], "candidate_id": await _expert(house)}
        answer = await call(house, STATION, "POST", "/matches", given)
        assert answer.status_code == 201, answer.text


async def _expert(house: House) -> str:
    expert = {
        "name": "专家",
        "organisation": "样例大学",
        "hightech_fields": ["08"],
        "consent_given_on": "2026-01-05",
        "consent_scope": ["library", "match"],
    }
    who = (await call(house, CENTRE, "POST", "/experts", expert)).json()
    for name, move in ((CENTRE, "verify"), ("centre_leader@east", "admit")):
        path = f"/experts/{who['id']}/moves/{move}"
        version = {"If-Match": f'"{who["version"]}"'}
        who = (await call(house, name, "POST", path, {}, **version)).json()
    return str(who["id"])


async def _reviews(house: House, many: int) -> None:
    given = {"title": "评审组", "subject_note": "样例事项", "size": many, "min_members": 1}
    given["experts"] = [await _expert(house) for _ in range(many)]
    answer = await call(house, CENTRE, "POST", "/panels", given)
    assert answer.status_code == 201, answer.text
