"""What the foundation promises, measured: starts, a clerk's workbook, memory.

    .venv/bin/python bench/foundation.py     (also: make bench-foundation)

Starts `park serve --demo` twice in a new PARK_HOME and uploads the 5,000-row workbook to it, then
writes bench/results/foundation.json. Limits are those of the issue and of docs/architecture.md.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).parents[1]
WORKBOOK = ROOT / "tests" / "data" / "workbooks" / "enterprises-zh-CN-5000.xlsx"
RESULT = ROOT / "bench" / "results" / "foundation.json"
CLERK = "station_staff"
PATIENCE = 300  # seconds


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, float, subprocess.Popen[bytes]]]:
    """Start the product; give its address and the seconds until it was ready."""
    port = free_port()
    environment = os.environ | {"PARK_HOME": str(home), "PARK_PORT": str(port)}
    began = time.perf_counter()
    park = Path(sys.executable).with_name("park")
    process = subprocess.Popen(
        [park, "serve", "--demo"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        while time.perf_counter() - began < PATIENCE:
            try:
                if httpx.get(f"{address}/readyz", timeout=1).status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.02)
        else:
            raise TimeoutError(address)
        yield address, time.perf_counter() - began, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def signed_in(address: str, home: Path) -> httpx.Client:
    park = Path(sys.executable).with_name("park")
    told = subprocess.run(
        [park, "demo", "accounts", "--json"],
        env=os.environ | {"PARK_HOME": str(home)},
        capture_output=True,
        check=True,
    )
    clerk = next(a for a in json.loads(told.stdout) if a["role"] == CLERK)
    client = httpx.Client(base_url=f"{address}/api/v1", timeout=PATIENCE)
    form = {"username": clerk["username"], "password": clerk["password"]}
    token = client.post("/auth/token", data=form).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def workbook(client: httpx.Client) -> tuple[float, float, float]:
    """Give the seconds of the dry run, the commit and the undo of 5,000 rows."""
    files = {"file": (WORKBOOK.name, WORKBOOK.read_bytes())}
    times = []
    began = time.perf_counter()
    told = client.post("/enterprises/imports", files=files).raise_for_status().json()
    times.append(time.perf_counter() - began)
    for move in ("commit", "undo"):
        began = time.perf_counter()
        asked = client.post(f"/enterprises/imports/{told['id']}/moves/{move}").raise_for_status()
        ended(client, asked.json()["id"])
        times.append(time.perf_counter() - began)
    return times[0], times[1], times[2]


def ended(client: httpx.Client, task: str) -> None:
    """Wait for a task to be done, looking as the page does."""
    while (told := client.get(f"/tasks/{task}").json())["state"] in ("queued", "running"):
        time.sleep(0.2)
    assert told["state"] == "done", told


def memory(process: subprocess.Popen[bytes]) -> float:
    """Give the resident megabytes of the largest process that serves."""
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    own = [p.memory_info().rss for p in family if "python" in p.name() or "park" in p.name()]
    return max(own) / 1e6


def row(
    name: str, what: str, value: float, unit: str, gate: float | None, aim: float | None
) -> dict[str, object]:
    held = None if gate is None else value <= gate
    return {
        "id": name,
        "what": what,
        "value": round(value, 2),
        "unit": unit,
        "gate": gate,
        "aim": aim,
        "held": held,
    }


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="park-bench-"))
    with serving(home) as (_, first, _process):
        pass
    with serving(home) as (address, second, process):
        rss = memory(process)
        checked, committed, undone = workbook(signed_in(address, home))
    rows = [
        row("F1", "first start: database, migrations, demo, first answer", first, "s", None, None),
        row("F2", "second start to first answer", second, "s", 5, 3),
        row("F3", "dry run of 5,000 rows with 262 bad ones", checked, "s", 5, 3),
        row("F4", "commit of its 4,788 good rows", committed, "s", None, None),
        row("F5", "undo of the batch", undone, "s", None, None),
        row("F6", "resident memory of the serving process", rss, "MB", 180, 120),
    ]
    RESULT.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for found in rows:
        told = f"{found['value']} {found['unit']}"
        print(f"{found['id']}  {found['what']:55} {told:>12}  held: {found['held']}")


if __name__ == "__main__":
    main()
