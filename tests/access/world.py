"""A small world to probe: three parks in two cities, a handful of records of every register.

The records are made through the API; what they are is then read back by the database's owner,
so that the oracle judges facts and not what some actor was shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from app.access.roles import Role
from tests.access import oracle, population
from tests.access.records import Records
from tests.access.rules import Facts, Who
from tests.house import House

#: Tables and what of them the oracle asks; written here, so that a new register is noticed.
_TABLES = {
    "enterprises": ("enterprise", "state", "false", "false"),
    "qualifications": ("qualification", "NULL", "false", "false"),
    "needs": ("need", "state", "level = 'province'", "false"),
    "service-log": ("service_log_entry", "state", "false", "false"),
    "projects": ("project", "state", "false", "false"),
    "experts": ("expert", "state", "false", "consent_scope ? 'library'"),
    "achievements": ("achievement", "state", "false", "false"),
    "matches": ("match", "state", "false", "false"),
    "conflict-rules": ("conflict_rule", "state", "false", "false"),
    "draws": ("draw", "state", "false", "false"),
    "panels": ("panel", "state", "false", "false"),
    "reviews": ("review", "state", "false", "false"),
    "assignments": ("assignment", "state", "false", "false"),
}
PLACES = ("own", "neighbour", "raised", "sibling", "foreign")


@dataclass
class World:
    """Everything a probe needs: who may ask, with which token, about what."""

    house: House
    owner: sa.Engine
    actors: dict[str, tuple[Who, str]] = field(default_factory=dict)
    leavers: dict[str, str] = field(default_factory=dict)
    facts: dict[str, list[Facts]] = field(default_factory=dict)
    places: dict[str, dict[str, Facts]] = field(default_factory=dict)
    standing: dict[str, dict[str, Facts]] = field(default_factory=dict)  # "place:state" -> record
    files: dict[str, str] = field(default_factory=dict)  # record -> one attachment
    comments: dict[str, str] = field(default_factory=dict)  # record -> one comment
    batches: dict[tuple[str, str], str] = field(default_factory=dict)  # register, node -> import
    spare: dict[str, str] = field(default_factory=dict)  # accounts, hats, sessions to aim at

    def restore(self) -> None:
        """Undo the two probes that succeed by ending something."""
        with self.owner.begin() as connection:
            connection.execute(sa.text("UPDATE hat SET ended_at = NULL"))
            connection.execute(sa.text("UPDATE session SET revoked_at = NULL"))


async def build(house: House, owner: sa.Engine) -> World:
    """Fill the house and hire everybody who will ask."""
    world = World(house, owner)
    records = Records(house)
    await records.fill()
    tables = {register: told[0] for register, told in _TABLES.items()}
    standing = population.populate(owner, tables, records.named)
    _read_facts(world)
    for register, named in records.named.items():
        known = {f.id: f for f in world.facts[register]}
        world.places[register] = {place: known[one] for place, one in named.items()}
        world.standing[register] = {at: known[one] for at, one in standing[register].items()}
    await _hire(world, records.parties)
    _attach(world)
    _talk(world)
    _keep_for_somebody(world)
    _begin_imports(world)
    return world


def _read_facts(world: World) -> None:
    with world.owner.connect() as connection:
        codes = _pairs(connection, "SELECT id, code FROM organisation")
        links: dict[str, set[str]] = {}
        told = connection.execute(sa.text("SELECT record_id, party_id FROM party_link"))
        for record, party in told:
            links.setdefault(str(record), set()).add(str(party))
        for register, (table, state, up, shared) in _TABLES.items():
            rows = connection.execute(
                sa.text(
                    f"SELECT id, version, node_id, {state}, {up}, {shared} FROM {table}"
                    " WHERE deleted_at IS NULL"
                )
            )
            world.facts[register] = [
                Facts(
                    register,
                    str(row[0]),
                    row[1],
                    codes[row[2]],
                    row[3],
                    frozenset(links.get(str(row[0]), ())),
                    row[4],
                    row[5],
                )
                for row in rows
            ]


def _pairs(connection: sa.Connection, statement: str) -> dict[Any, Any]:
    return {row[0]: row[1] for row in connection.execute(sa.text(statement))}


async def _hire(world: World, parties: Mapping[str, str]) -> None:
    """Hire one actor per role at the eastern park, and one session each to be ended."""
    at = {
        oracle.S: ("east-park-station", "east-park"),
        oracle.K: ("east-park-committee", "east-park"),
        oracle.C: ("east", "east"),
        oracle.L: ("east", "east"),
        oracle.E: ("east-park", "east-park"),
        oracle.X: ("east", "east"),
    }
    registers = {oracle.E: "enterprises", oracle.X: "experts"}
    for role in sorted(oracle.ROLES):
        organisation, node = at.get(role, ("province", "province"))
        party = parties.get(role)
        spoken = (registers[role], UUID(party)) if party else None
        for tokens in (world.leavers, world.actors):
            name = await world.house.hire(Role(role), organisation, spoken)
            token = world.house.tokens[name]
            if tokens is world.leavers:
                world.leavers[role] = token
            else:
                world.actors[role] = (Who(role, node, party), token)
    name = await world.house.hire(Role.station_staff, "west-park-station")
    with world.owner.connect() as connection:
        found = connection.execute(
            sa.text(
                "SELECT a.id, a.username, h.id, s.id FROM account a JOIN hat h ON h.account_id ="
                " a.id JOIN session s ON s.account_id = a.id WHERE starts_with(a.username, :name)"
                " ORDER BY a.id DESC LIMIT 1"
            ),
            {"name": name},
        ).one()
        top = sa.text("SELECT id, name FROM organisation WHERE parent_id IS NULL")
        root = connection.execute(top).one()
    world.spare = dict(
        zip(("account", "username", "hat", "session"), map(str, found), strict=True)
    ) | {"organisation": str(root[0]), "organisation_name": root[1]}


def _attach(world: World) -> None:
    """Put a file nobody here added beside every record."""
    rows: list[dict[str, Any]] = []
    with world.owner.begin() as connection:
        codes = _pairs(connection, "SELECT code, id FROM organisation")
        for record in (f for found in world.facts.values() for f in found):
            world.files[record.id] = str(uuid4())
            rows.append(
                {"id": world.files[record.id], "record": record.id, "name": record.register}
                | {"node": codes[record.node], "by": str(uuid4()), "sha": Records.FILE_SHA}
            )
        connection.execute(
            sa.text(
                "INSERT INTO attachment (region_id, node_id, register_name, record_id, id, name,"
                " media_type, size, sha256, state, created_at, created_by, created_by_name)"
                " VALUES (1, :node, :name, :record, :id, 'a.txt', 'text/plain', 6, :sha, 'clean',"
                " now(), :by, '别人')"
            ),
            rows,
        )


def _talk(world: World) -> None:
    """Let somebody not here say two things about every record: openly, and among staff."""
    rows: list[dict[str, Any]] = []
    with world.owner.begin() as connection:
        codes = _pairs(connection, "SELECT code, id FROM organisation")
        for record in (f for found in world.facts.values() for f in found):
            world.comments[record.id] = str(uuid4())
            place = {"record": record.id, "name": record.register, "node": codes[record.node]}
            told = (
                (world.comments[record.id], "别人的评论", False),
                (str(uuid4()), "内部评论只给工作人员", True),
            )
            rows += [place | {"id": i, "text": t, "inside": n, "by": uuid4()} for i, t, n in told]
        connection.execute(
            sa.text(
                "INSERT INTO comment (region_id, node_id, register_name, record_id, id, text,"
                " internal, created_at, created_by, created_by_name, role, organisation_name)"
                " VALUES (1, :node, :name, :record, :id, :text, :inside, now(), :by, '别人',"
                " 'centre_staff', '')"
            ),
            rows,
        )


def _keep_for_somebody(world: World) -> None:
    """Tell the spare account of a need near by, keep a view of needs and a task for it."""
    near = world.places["needs"]["own"].id
    spare = {name: world.spare[name] for name in ("account", "hat")}
    world.spare |= {"notice": str(uuid4()), "view": str(uuid4()), "task": str(uuid4())}
    with world.owner.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO task_run (account_id, id, hat_id, kind, title, locale, asked_from,"
                " params, state, phase, done, attempt, asked_at, file_name)"
                " VALUES (:account, :id, :hat, 'export', 'x', 'zh-CN', '{}', '{}', 'queued', '',"
                " 0, 0, now(), 'x.csv')"
            ),
            spare | {"id": world.spare["task"]},
        )
        connection.execute(
            sa.text(
                "INSERT INTO notification (id, account_id, hat_id, kind, region_id, node_id,"
                " register_name, record_id, actor_name, actor_organisation, at)"
                " SELECT :id, :account, :hat, 'overdue', region_id, node_id, 'needs', id, '', '',"
                " now() FROM need WHERE id = :need"
            ),
            spare | {"id": world.spare["notice"], "need": near},
        )
        connection.execute(
            sa.text(
                "INSERT INTO saved_view (region_id, id, node_id, register_name, title, query,"
                " columns, shared, account_id, account_name, created_at, updated_at)"
                " SELECT region_id, :id, node_id, 'needs', 'x', '{}', '[]', 'nobody', :account,"
                " '', now(), now() FROM need WHERE id = :need"
            ),
            {"id": world.spare["view"], "account": spare["account"], "need": near},
        )


def _begin_imports(world: World) -> None:
    """Begin one import with one bad row per register and park."""
    batch = (
        "INSERT INTO import_batch (region_id, id, node_id, register_name, state, file_name, sha256,"
        " sheet, header_row, columns, ignored, version, created_at, created_by, created_by_name)"
        " VALUES (1, :id, :node, :name, 'checked', 'a.xlsx', '', '', 1, '[]', '[]', 1, now(), :id,"
        " '别人')"
    )
    row = (
        "INSERT INTO import_row (region_id, batch_id, row, node_id, cells, errors, outcome)"
        " VALUES (1, :id, 2, :node, '{}', '[]', 'bad')"
    )
    with world.owner.begin() as connection:
        codes = _pairs(connection, "SELECT code, id FROM organisation")
        for register in oracle.SEES:
            for park in ("east-park", "lake-park", "west-park"):
                world.batches[register, park] = made = str(uuid4())
                told = {"id": made, "node": codes[park], "name": register}
                connection.execute(sa.text(batch), told)
                connection.execute(sa.text(row), told)
