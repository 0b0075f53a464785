"""Checking the trail: every way it could have been changed leaves a fault here.

What is signed proves nothing by itself: the keys must be ones that are known from elsewhere
(``trusted``), and the end of the chain must be where heads kept elsewhere say it is (``anchors``).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.audit.bundles import FORMAT, Line
from app.audit.leaves import canonical, leaf, root
from app.audit.seals import BEGINNING, RETIRED, SEAL, digest
from app.core.signatures import holds, key_id

LATE = timedelta(hours=1)  # between what an entry says and when it was sealed
MONTHS = 6  # the law's, below which no month is dropped


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was sealed; ``no`` is the seal's, 0 where none is meant."""

    no: int
    kind: str
    what: str


@dataclass
class Report:
    """What was looked at, and what is wrong with it."""

    seals: int = 0
    entries: int = 0
    hidden: int = 0  # of the entries: seen as a leaf only
    waiting: int = 0  # not sealed yet
    retired: int = 0  # seals whose entries lawfully lie in an archive
    late: int = 0  # entries sealed more than an hour away from the time they tell
    sealed_until: str = ""
    head: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


@dataclass
class Checker:
    """Reads a trail line by line, in constant memory but for one seal's leaves."""

    trusted: Collection[str] | None = None
    anchors: Mapping[int, Collection[str]] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    _keys: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _retired: list[tuple[int, int]] = field(default_factory=list)
    _held: list[tuple[bytes, int | None, str]] = field(default_factory=list)
    _last: dict[str, Any] | None = None
    _first: int = 0
    _seen: dict[int, str] = field(default_factory=dict)
    _ended: bool = False

    def read(self, lines: Iterable[Line]) -> Report:
        """Check a whole trail."""
        for line in lines:
            try:
                self._line(line)
            except (KeyError, TypeError, ValueError, AttributeError):
                self._fault("form", "a line is not what a trail holds")
        self._finish()
        return self.report

    def _line(self, line: Line) -> None:
        if "seal" in line:
            self._seal(line)
        elif "entry" in line or "leaf" in line:
            self._entry(line)
        elif "trail" in line:
            self._header(line)
        elif "end" in line:
            self._end(line["end"])
        else:
            raise ValueError

    def _header(self, line: Line) -> None:
        if line["trail"] != FORMAT:
            self._fault("form", f"not {FORMAT}")
        for name, told in line["keys"].items():
            public = bytes.fromhex(told["public"])
            if key_id(told["algorithm"], public) != name:
                self._fault("key", f"{name} is not the fingerprint of its key")
            else:
                self._keys[name] = (told["algorithm"], public)
        for each in line["retired"]:
            self._retire(each["statement"], bytes.fromhex(each["signature"]))

    def _retire(self, told: dict[str, Any], signature: bytes) -> None:
        lawful = datetime.fromisoformat(told["at"]) >= droppable_from(told["month"])
        if told["kind"] != RETIRED or not self._signed(told, signature):
            self._fault("retired", f"no valid signature that {told['month']} was retired")
        elif not lawful:
            self._fault("retired", f"{told['month']} was dropped before its six months were over")
        else:
            self._retired.append((told["first"], told["last"]))

    def _entry(self, line: Line) -> None:
        self.report.entries += 1
        if "leaf" in line:
            self.report.hidden += 1
            self._held.append((bytes.fromhex(line["leaf"]), None, ""))
        else:
            entry = line["entry"]
            self._held.append((leaf(entry), entry["xid"], entry["at"]))

    def _seal(self, line: Line) -> None:
        told, held = line["seal"], self._held
        self._held = []
        self.report.seals += 1
        self._chain(told, line["hash"])
        if told["kind"] != SEAL or not self._signed(told, bytes.fromhex(line["signature"])):
            self._fault("signature", "the signature is not that of its key", told["no"])
        self._contents(told, held)
        self._last = told
        self.report.head = self._seen[told["no"]] = digest(told)
        self.report.sealed_until = told["sealed_at"]

    def _chain(self, told: dict[str, Any], said: str) -> None:
        no, last = told["no"], self._last
        if said != digest(told):
            self._fault("hash", "the hash kept is not that of the seal", no)
        if last is None:
            self._first = no
            if no == 1 and (told["previous"] != BEGINNING or told["from"] != 0):
                self._fault("chain", "the first seal does not begin at the beginning", no)
            return
        if no != last["no"] + 1:
            self._fault("number", f"follows seal {last['no']}: seals are missing or doubled", no)
        if told["previous"] != self._seen[last["no"]]:
            self._fault("chain", f"does not follow from seal {last['no']}", no)
        if told["from"] != last["to"] or told["to"] <= told["from"]:
            self._fault("range", "the transactions do not follow those of the seal before", no)
        if told["sealed_at"] < last["sealed_at"]:
            self._fault("time", "was made before the one it follows", no)

    def _contents(self, told: dict[str, Any], held: list[tuple[bytes, int | None, str]]) -> None:
        no = told["no"]
        archived = any(first <= no <= last for first, last in self._retired)
        if archived and len(held) < told["entries"]:
            self.report.retired += 1
            return
        if len(held) != told["entries"]:
            self._fault("entries", f"{told['entries']} were sealed, {len(held)} are there", no)
        elif root([kept for kept, _, _ in held]).hex() != told["root"]:
            self._fault("root", "an entry is not as it was sealed", no)
        if any(xid is not None and not told["from"] <= xid < told["to"] for _, xid, _ in held):
            self._fault("range", "an entry of another second stands in it", no)
        sealed = datetime.fromisoformat(told["sealed_at"])
        times = (datetime.fromisoformat(at) for _, _, at in held if at)
        self.report.late += sum(abs(sealed - at) > LATE for at in times)

    def _signed(self, told: dict[str, Any], signature: bytes) -> bool:
        name = told["key"]
        if self.trusted is not None and name not in self.trusted:
            self._fault("key", f"sealed with {name}, which is not a known key", told.get("no", 0))
        algorithm, public = self._keys.get(name, ("", b""))
        return algorithm == told["algorithm"] and holds(
            algorithm, public, signature, canonical(told)
        )

    def _end(self, told: dict[str, int]) -> None:
        self._ended = True
        if told != {"seals": self.report.seals, "entries": self.report.entries}:
            self._fault("form", "the file does not hold as many lines as it says")

    def _finish(self) -> None:
        self.report.waiting = len(self._held)
        if not self._ended:
            self._fault("form", "the file is cut off")
        for no, hashes in sorted(self.anchors.items()):
            if self._seen and no < self._first:
                continue
            if self._seen.get(no) is None:
                self._fault("anchor", "was made, as a head kept elsewhere proves, and is gone", no)
            elif set(hashes) != {self._seen[no]}:
                self._fault("anchor", "is another than the head kept elsewhere", no)

    def _fault(self, kind: str, what: str, no: int = 0) -> None:
        self.report.faults.append(Fault(no, kind, what))


def droppable_from(month: str) -> datetime:
    """Return the first instant at which the law lets a month (``202601``) be dropped."""
    count = int(month[:4]) * 12 + int(month[4:]) - 1 + 1 + MONTHS
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC)


def anchors_of(heads: Iterable[Line]) -> dict[int, set[str]]:
    """Return what heads kept elsewhere say: number of a seal -> its hash, of the signed text."""
    found: dict[int, set[str]] = {}
    for each in heads:
        found.setdefault(each["seal"]["no"], set()).add(digest(each["seal"]))
    return found
