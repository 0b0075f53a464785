"""The built package, serving the demo with ten thousand enterprises in one park, and its people."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import xlsxwriter

from app.ledgers.enterprises.credit_code import make
from bench.foundation import PATIENCE, serving

ENTERPRISES = 10_000
AT_ONCE = 4_500  # rows of one workbook
CSRF = {"X-Park-CSRF": "1"}
#: What each role has besides its registers.
SCREENS = {
    "station_staff": (
        "/",
        "/dashboard",
        "/calendar",
        "/matching/queue",
        "/notifications",
        "/undo",
        "/me",
    ),
    "enterprise": ("/", "/r/needs/new", "/notifications", "/me"),
    "committee": ("/", "/dashboard", "/notifications"),
    "expert": ("/", "/me"),
}
_PLACES = ("东湖", "南山", "西溪", "北辰", "中关", "青云", "白鹭", "紫金", "金鸡", "玄武")
_WORDS = ("精密", "光电", "生物", "智能", "新材", "能源", "软件", "医疗", "传感", "激光")
_KINDS = ("科技", "技术", "仪器", "装备", "信息")


@dataclass(frozen=True)
class House:
    """An installation that serves, with the demo's accounts by role."""

    url: str
    accounts: list[dict[str, Any]]
    sessions: dict[str, httpx.Client] = field(default_factory=dict)

    def account(self, role: str) -> dict[str, Any]:
        return next(one for one in self.accounts if one["role"] == role)

    def addresses(self) -> dict[str | None, tuple[str, ...]]:
        """Return what each role looks at, with records it sees."""
        found: dict[str | None, tuple[str, ...]] = {None: ("/", "/login", "/public/draws")}
        for role, screens in SCREENS.items():
            client = self.client(role)
            paths = list(screens)
            for register in client.get("/registers").raise_for_status().json():
                name = register["name"]
                paths.append(f"/r/{name}")
                items = client.get(f"/{name}?limit=1").raise_for_status().json()["items"]
                paths += [f"/r/{name}/{one['id']}" for one in items]
            found[role] = tuple(paths)
        return found

    def client(self, role: str) -> httpx.Client:
        """Return the API as one person of a role uses it."""
        if role not in self.sessions:
            who = self.account(role)
            client = httpx.Client(base_url=f"{self.url}/api/v1", timeout=PATIENCE)
            form = {"username": who["username"], "password": who["password"]}
            token = client.post("/auth/token", data=form).raise_for_status().json()
            client.headers["Authorization"] = f"Bearer {token['access_token']}"
            self.sessions[role] = client
        return self.sessions[role]


def name_of(number: int) -> str:
    """Return the name of the n-th made-up enterprise; the number makes it one of its kind."""
    place, word = _PLACES[number % 10], _WORDS[number // 10 % 10]
    return f"样例{place}{word}{number:05}{_KINDS[number // 100 % 5]}有限公司"


def workbook(first: int, count: int) -> bytes:
    """Return rows of made-up enterprises as a clerk would have them in a sheet."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "enterprises.xlsx"
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet("企业台账")
        sheet.write_row(0, 0, ("企业名称", "统一社会信用代码"))
        for row in range(count):
            number = first + row
            sheet.write_row(row + 1, 0, (name_of(number), make("320500", f"MC{number:06d}")))
        book.close()
        return path.read_bytes()


def fill(house: House, wanted: int = ENTERPRISES) -> int:
    """Bring enterprises in as clerks do, until the park has enough; return how many it has."""
    client = house.client("station_staff")
    there = int(client.get("/enterprises?limit=1&count=true").json()["total"])
    while there < wanted:
        size = min(AT_ONCE, wanted - there)
        files = {"file": (f"enterprises-{there}.xlsx", workbook(there, size))}
        told = client.post("/enterprises/imports", files=files).raise_for_status().json()
        commit(client, told["id"])
        now = int(client.get("/enterprises?limit=1&count=true").json()["total"])
        if now == there:
            raise RuntimeError(f"nothing came in: {told['counts']}")
        there = now
    return there


def commit(client: httpx.Client, batch: str) -> None:
    """Write a checked workbook and wait until it is written."""
    path = f"/enterprises/imports/{batch}"
    task = client.post(f"{path}/moves/commit").raise_for_status().json()
    while task.get("state") in ("queued", "running"):
        task = client.get(f"/tasks/{task['id']}").raise_for_status().json()
    state = client.get(path).json()["state"]
    if state != "committed":
        raise RuntimeError(f"the import is {state}: {task}")


@contextmanager
def house(home: Path, enterprises: int = ENTERPRISES) -> Iterator[House]:
    """Serve the package as installed, with the demo and enough enterprises."""
    with serving(home) as (address, _, _process):
        park = Path(sys.executable).with_name("park")
        told = subprocess.run(
            [park, "demo", "accounts", "--json"],
            env=os.environ | {"PARK_HOME": str(home)},
            capture_output=True,
            check=True,
        )
        made = House(address, json.loads(told.stdout))
        fill(made, enterprises)
        yield made
