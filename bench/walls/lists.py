"""The lists: how many requirements are answered, and by what; a spoilt list is noticed.

The long form also asks pytest itself whether each named test can be collected.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from app.evidence import checking, lists
from app.evidence.lists import Entry, Status
from bench.walls.rows import Row, at_least, at_most, told
from tests.security import official
from tests.security.test_lists import LEAST_PROVED, faults, wanted

ROOT = Path(__file__).parents[2]
_RUN = {Status.test, Status.config}


def measured(long: bool) -> Iterator[Row]:  # noqa: FBT001 -- the shape of every stage
    """Yield the figures of the lists."""
    asvs, mlps = (dict(lists.read(name)) for name in ("asvs", "mlps"))
    level_2 = {id_: e for id_, e in asvs.items() if official.ASVS[id_] <= 2}
    proved = sum(e.status in _RUN for e in level_2.values())
    still = sum(e.status is Status.open for e in level_2.values())
    mapped = len(set(mlps) & wanted("mlps")) / len(wanted("mlps"))
    yield at_least("lists.asvs", "ids of ASVS 5.0 level 2 accounted for", len(level_2), 253)
    yield at_least("lists.proved", "of them by a test or a checked file", proved, LEAST_PROVED)
    yield told("lists.open", "of them open, with what is missing", still)
    yield at_least("lists.mlps", "software clauses of MLPS 3 mapped", 100 * mapped, 100, "%")
    unmet = sum(e.status is Status.open for e in mlps.values())
    yield told("lists.mlps_open", "of these clauses open, with what is missing", unmet)
    wanting = [fault for name in lists.NAMES for fault in faults(name, dict(lists.read(name)))]
    if long:
        wanting += _not_collected(asvs | mlps)
    yield at_most("lists.wanting", "evidence that does not exist, ids too many", len(wanting), 0)
    found = sum(_spoilt(asvs))
    yield at_least("lists.controls", "of 3 spoilt lists noticed", found, 3)


def _not_collected(entries: dict[str, Entry]) -> list[str]:
    """Return the named tests that pytest does not collect."""
    named = {one for entry in entries.values() for one in entry.evidence if "::" in one}
    files = sorted({one.partition("::")[0] for one in named})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, *files], cwd=ROOT, capture_output=True, text=True, check=False)
    collected = {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line}
    return sorted(named - collected)


def _spoilt(entries: dict[str, Entry]) -> Iterator[bool]:
    """Yield, for each way to spoil a list, whether it is noticed."""
    id_, entry = next((i, e) for i, e in entries.items() if e.status is Status.test)
    yield bool(faults("asvs", {i: e for i, e in entries.items() if i != id_}))
    gone = entry.model_copy(update={"evidence": ("tests/security/test_lists.py::test_gone",)})
    yield bool(list(checking.missing({id_: gone}, ROOT)))
    try:
        lists.parsed(f'"{id_}": {{level: 2, in_short: {{en: x}}, status: na}}')
    except ValidationError:
        yield True
    else:
        yield False
