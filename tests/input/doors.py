"""Each hostile file through each door where files come in; what it cost and what became of it.

A file is refused (4xx in words), or it is kept and harmless: an attachment comes back only as a
download no browser runs, under a clean name and the type of its ending; an import becomes rows for
a person to look at, whose formulas are text.
"""

import resource
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from tests.access.asgi import Answer, Question, ask
from tests.access.world import World
from tests.input.hostile_archives import File, packed, workbook
from tests.input.hostile_files import page

_BOUNDARY = "hostile-7f3a"
_MULTIPART = f"multipart/form-data; boundary={_BOUNDARY}"
ROLE = "station_staff"
IMPORTS = "/api/v1/enterprises/imports"
#: Types a kept file may be served as; a browser runs none of them.
INERT = (
    "application/pdf",
    "application/zip",
    "application/msword",
    "application/vnd.",
    "image/png",
    "image/jpeg",
    "image/webp",
    "text/plain",
    "text/csv",
)
_WANTED = {
    b"x-content-type-options": b"nosniff",
    b"content-security-policy": b"sandbox",
}


@dataclass
class Cost:
    """What one request cost: seconds of computing and of waiting, MiB above what was there."""

    computed: float
    waited: float
    memory: float


@dataclass
class Handled:
    """What became of the files."""

    asked: int = 0
    refused: int = 0
    kept: int = 0
    drawn: int = 0  # pages of kept PDFs asked for
    wrong: list[str] = field(default_factory=list)
    costs: dict[str, Cost] = field(default_factory=dict)
    rest: dict[str, float] = field(default_factory=dict)  # MiB a harmless file costs at each door

    @property
    def slowest(self) -> tuple[str, float]:
        return max(((name, c.computed) for name, c in self.costs.items()), key=lambda c: c[1])

    @property
    def largest(self) -> tuple[str, float]:
        return max(((name, c.memory) for name, c in self.costs.items()), key=lambda c: c[1])


async def through_all(world: World, files: Iterator[File]) -> Handled:
    """Send every file to the attachments and to the imports; draw the PDFs that were kept."""
    told = Handled()
    need = world.places["needs"]["own"].id
    attach = f"/api/v1/needs/{need}/attachments"
    await _warm(world, told, attach)
    for name, data in files:
        kept = await _one(world, told, "attach", attach, name, data)
        if kept is not None:
            await _look(world, told, f"{attach}/{kept.json()['id']}", name, data)
        await _one(world, told, "import", IMPORTS, name, data)
    return told


async def _warm(world: World, told: Handled, attach: str) -> None:
    """Send harmless files first: what they cost is no hostile file's doing."""
    seen = Handled()
    for name, data in (
        ("a.csv", b"a,b\n1,2\n"),
        ("a.xlsx", packed(workbook())),
        ("a.pdf", page(b"")),
    ):
        kept = await _one(world, seen, "attach", attach, name, data)
        assert kept is not None, name
        await _look(world, seen, f"{attach}/{kept.json()['id']}", name, data)
        await _one(world, seen, "import", IMPORTS, name, data)
    for name, cost in seen.costs.items():
        door = name.partition(" ")[0]
        told.rest[door] = max(cost.memory, told.rest.get(door, 0))


async def _one(
    world: World, told: Handled, door: str, path: str, name: str, data: bytes
) -> Answer | None:
    """Send one file through one door; return the answer if it was kept."""
    title = f"{door} {name[:60]!r}"
    with measured(told, title):
        answer = await ask(world.house.app, _upload(path, name, data), world.actors[ROLE][1])
    told.asked += 1
    if 400 <= answer.status < 500:
        told.refused += 1
        if not answer.json().get("detail"):
            told.wrong.append(f"{title}: refused without a word")
        return None
    if answer.status != 201:
        told.wrong.append(f"{title}: {answer.status} {answer.body[:200]!r}")
        return None
    told.kept += 1
    return answer if door == "attach" else None


async def _look(world: World, told: Handled, path: str, name: str, data: bytes) -> None:
    """A kept file must come back as it was, and as nothing a browser runs."""
    title = f"kept {name[:60]!r}"
    token = world.actors[ROLE][1]
    answer = await ask(world.house.app, Question("GET", path), token)
    headers = dict(answer.headers)
    told.wrong += [f"{title}: {fault}" for fault in faults(answer, headers, data)]
    if headers.get(b"content-type") == b"application/pdf":
        told.drawn += 1
        with measured(told, f"draw {name[:60]!r}"):
            drawn = await ask(world.house.app, Question("GET", f"{path}/pages/1"), token)
        if drawn.status not in (200, 404, 409):
            told.wrong.append(f"{title}: its page answers {drawn.status}")
        if drawn.status == 200 and not drawn.body.startswith(b"\x89PNG"):
            told.wrong.append(f"{title}: its page is no picture")


def faults(answer: Answer, headers: Mapping[bytes, bytes], data: bytes) -> Iterator[str]:
    """Yield what would let a kept file do harm."""
    if answer.status != 200 or answer.body != data:
        yield f"does not come back as it was ({answer.status})"
    for name, value in _WANTED.items():
        if headers.get(name) != value:
            yield f"{name.decode()} is {headers.get(name)!r}"
    if not headers.get(b"content-type", b"").decode().startswith(INERT):
        yield f"served as {headers.get(b'content-type')!r}"
    disposition = headers.get(b"content-disposition", b"").decode("latin-1")
    kind, _, given = disposition.partition("; filename*=UTF-8''")
    shown = unquote(given)
    if kind != "attachment" or not shown.isprintable() or {"/", "\\"} & set(shown):
        yield f"offered as {disposition!r}"


def _upload(path: str, name: str, data: bytes) -> Question:
    quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
    body = head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data
    body += f"\r\n--{_BOUNDARY}--\r\n".encode()
    return Question("POST", path, "", body, (("content-type", _MULTIPART),))


@contextmanager
def measured(told: Handled, name: str) -> Iterator[None]:
    """Note what the block costs, the processes it starts included, above a harmless file.

    Computing counts, not waiting: a busy machine makes no file more hostile.
    """
    began, computed, watch = time.perf_counter(), _computed(), _Watch()
    with watch:
        yield
    more = max(0.0, watch.more - told.rest.get(name.partition(" ")[0], 0))
    told.costs[name] = Cost(_computed() - computed, time.perf_counter() - began, more)


def _computed() -> float:
    ours, theirs = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return ours.ru_utime + ours.ru_stime + theirs.ru_utime + theirs.ru_stime


class _Watch:
    """The memory of this process (its high-water mark) and of the children it starts."""

    _EVERY = 0.01  # seconds

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._old = set(_children())  # the database's among them
        self._own = _line("self")  # a child that is not yet another program shows our memory
        self._children = 0.0
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._before = self.more = 0.0

    def __enter__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # the mark starts anew
        self._before = _resident("self", "VmRSS")
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self.more = _resident("self", "VmHWM") - self._before + self._children

    def _look(self) -> None:
        while not self._ended.wait(self._EVERY):
            started = [p for p in set(_children()) - self._old if _line(p) != self._own]
            self._children = max(self._children, sum(_resident(p, "VmHWM") for p in started))


def _children() -> Iterator[str]:
    for one in Path("/proc/self/task").glob("*/children"):
        try:
            yield from one.read_text("ascii").split()
        except OSError:
            continue


def _line(process: str) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text("utf-8")
    except OSError:
        return ""


def _resident(process: str, what: str) -> float:
    """Return MiB of a process; 0 for one that is gone."""
    try:
        for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
            if line.startswith(f"{what}:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0
