"""A small province for the long tests, set up as an operator would: from the first link on.

Everything is fictitious and comes in through the product's own API, so the same world can be made
inside the test's process (ASGI) or behind a server's address.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from app.core.clock import today
from app.ledgers.enterprises import credit_code

Record = dict[str, Any]
API = "/api/v1"
PASSWORD = f"Aa1!{secrets.token_hex(8)}"  # everybody's, of this run only

#: code: (kind, name, parent)
ORGANISATIONS = {
    "east": ("centre", "云东市生产力促进中心", "root"),
    "west": ("centre", "云西市生产力促进中心", "root"),
    "east-park": ("park", "云东高新区", "east"),
    "lake-park": ("park", "云湖高新区", "east"),
    "west-park": ("park", "云西高新区", "west"),
    "east-station": ("station", "云东高新区工作站", "east-park"),
    "lake-station": ("station", "云湖高新区工作站", "lake-park"),
    "west-station": ("station", "云西高新区工作站", "west-park"),
    "east-committee": ("committee", "云东高新区管委会", "east-park"),
    "lake-committee": ("committee", "云湖高新区管委会", "lake-park"),
}
#: username: (name, role, organisation)
STAFF = {
    "province": ("秦川", "province_staff", "root"),
    "leader": ("高远", "centre_leader", "east"),
    "centre": ("李蕾", "centre_staff", "east"),
    "clerk": ("周敏", "station_staff", "east-station"),
    "committee": ("何平", "committee", "east-committee"),
    "lake-clerk": ("许宁", "station_staff", "lake-station"),
    "lake-committee": ("江涛", "committee", "lake-committee"),
    "west-clerk": ("白露", "station_staff", "west-station"),
}
#: The three administrators come with the installation, each by an own link.
ADMINISTRATORS = {"sysadmin": "程维", "secadmin": "安然", "auditor": "严谨"}
FIRM, LAKE_FIRM = "样例恒传精密机械有限公司", "样例云湖光电有限公司"

EXPERT: Record = {
    "name": "齐轮",
    "title": "教授",
    "organisation": "样例理工大学",
    "hightech_fields": ["08", "04"],
    "keywords": ["行星减速器", "齿轮修形", "振动噪声"],
    "documents": [
        {
            "title": "行星齿轮传动的齿形修形设计",
            "abstract": "行星减速器在重载下磨损严重。本文提出齿形优化方法，降低了振动噪声。",
            "year": 2024,
            "keywords": ["行星减速器", "修形"],
        },
        {"title": "高速主轴的热误差补偿", "abstract": "建立了热误差模型。", "year": 2020},
    ],
}
OTHER_EXPERT: Record = {
    "name": "水清",
    "title": "研究员",
    "organisation": "样例环境学院",
    "hightech_fields": ["07"],
    "keywords": ["减速器", "污水处理"],
    "documents": [
        {"title": "污水处理中的搅拌减速器选型", "abstract": "比较了三种减速器。", "year": 2022}
    ],
}
#: Left the enterprise not three years ago, so must keep away from it.
FORMER_EXPERT: Record = {
    "name": "顾恒",
    "title": "高级工程师",
    "organisation": "样例机械研究所",
    "employments": [
        {
            "organisation": FIRM,
            "office": "总工程师",
            "ended_on": (today() - timedelta(days=400)).isoformat(),
        }
    ],
    "hightech_fields": ["08"],
    "keywords": ["行星减速器", "齿轮磨损"],
    "documents": [{"title": "重载行星减速器齿轮磨损机理", "year": 2023, "keywords": ["磨损"]}],
}
CONSENT = {"consent_given_on": "2026-01-05", "consent_scope": ["library", "match"]}


@dataclass
class Visitor:
    """Somebody at the API: a bearer token over a shared connection."""

    client: httpx.Client
    token: str | None = None

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Send a request; ``path`` is what follows ``/api/v1``."""
        headers = dict(given.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.client.request(method, f"{API}{path}", headers=headers, **given)

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.ask("GET", path, **given)

    def post(self, path: str, json: Any = None, **given: Any) -> httpx.Response:
        return self.ask("POST", path, json=json, **given)

    def made(self, path: str, json: Any) -> Record:
        """Create something that must be accepted."""
        answer = self.post(path, json)
        assert answer.status_code in (200, 201, 202), answer.text
        return dict(answer.json())

    def moved(self, register: str, record: Record, move: str, **form: Any) -> Record:
        """Take a step that must succeed, with the version just read."""
        seen = self.get(f"/{register}/{record['id']}")
        assert seen.status_code == 200, seen.text
        answer = self.post(
            f"/{register}/{record['id']}/moves/{move}", form, headers=if_match(seen.json())
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@dataclass
class World:
    """Who is who, and the records everybody starts from."""

    client: httpx.Client
    organisations: dict[str, int] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    people: dict[str, Visitor] = field(default_factory=dict)

    def __getitem__(self, username: str) -> Visitor:
        return self.people[username]


def if_match(record: Record) -> dict[str, str]:
    """Return the header that names the version just read."""
    return {"If-Match": f'"{record["version"]}"'}


def sign_in(client: httpx.Client, username: str) -> Visitor:
    """Return ``username`` with a fresh token."""
    answer = client.post(f"{API}/auth/token", data={"username": username, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return Visitor(client, answer.json()["access_token"])


def build(client: httpx.Client, first_link: str) -> World:
    """Set up an empty installation by its one-use link; leave everybody signed in."""
    world = World(client)
    others = _activate(client, first_link, "sysadmin")
    for other in others:
        _activate(client, other["link"], other["username"])
    assert {"sysadmin", *(other["username"] for other in others)} == set(ADMINISTRATORS)
    for username in ADMINISTRATORS:
        world.people[username] = sign_in(client, username)
    _found(world)
    for username, (name, role, organisation) in STAFF.items():
        _appoint(world, username, name, role, organisation)
    _register(world)
    for username, (name, role, place, party) in {
        "firm": ("沈立", "enterprise", "east-park", "firm"),
        "lake-firm": ("方晨", "enterprise", "lake-park", "lake-firm"),
        "expert": (EXPERT["name"], "expert", "east", "expert"),
    }.items():
        _appoint(world, username, name, role, place, world.records[party]["id"])
    return world


def _activate(client: httpx.Client, link: str, username: str) -> list[Record]:
    """Set a password by a one-use link; return the links that come with the very first one."""
    (token,) = parse_qs(urlsplit(link).query)["token"]
    given = {"token": token, "username": username, "password": PASSWORD}
    if username in ADMINISTRATORS:
        given["name"] = ADMINISTRATORS[username]
    answer = client.post(f"{API}/auth/setup", json=given)
    assert answer.status_code == 201, answer.text
    return list(answer.json()["administrators"])


def _appoint(
    world: World, username: str, name: str, role: str, place: str, party: str | None = None
) -> None:
    """Make an account, have its role granted by the other administrator, and sign it in."""
    account = world["sysadmin"].made("/accounts", {"username": username, "name": name})
    grant = {"role": role, "organisation_id": world.organisations[place], "party_id": party}
    asked = world["secadmin"].made(f"/accounts/{account['id']}/grants", grant)
    world["sysadmin"].made(f"/acts/{asked['act_id']}/confirm", {})
    _activate(world.client, account["setup_link"], username)
    world.people[username] = sign_in(world.client, username)


def speaks_for(world: World, username: str, expert: Record) -> None:
    """Give an expert an account."""
    _appoint(world, username, expert["name"], "expert", "east", expert["id"])


def _found(world: World) -> None:
    """Name the province and found everything under it."""
    visitor = world["sysadmin"]
    (root,) = visitor.get("/organisations").json()["items"]
    named = visitor.ask("PUT", f"/organisations/{root['id']}", json={"name": "云岭省科学技术厅"})
    assert named.status_code == 200, named.text
    world.organisations["root"] = root["id"]
    for code, (kind, name, parent) in ORGANISATIONS.items():
        given = {"code": code, "kind": kind, "name": name}
        above = world.organisations[parent]
        made = visitor.made("/organisations", given | {"parent_id": above})
        world.organisations[code] = made["id"]


def _register(world: World) -> None:
    """Enter two enterprises and three experts, each by whoever may."""
    for key, clerk, name, serial in (
        ("firm", "clerk", FIRM, "MA900001"),
        ("lake-firm", "lake-clerk", LAKE_FIRM, "MA900002"),
    ):
        uscc = credit_code.make("990101", serial)
        world.records[key] = world[clerk].made("/enterprises", {"name": name, "uscc": uscc})
    for key, told in (
        ("expert", EXPERT),
        ("other-expert", OTHER_EXPERT),
        ("former-expert", FORMER_EXPERT),
    ):
        expert = world["centre"].made("/experts", told | CONSENT)
        world["centre"].moved("experts", expert, "verify")
        world.records[key] = world["leader"].moved("experts", expert, "admit")
