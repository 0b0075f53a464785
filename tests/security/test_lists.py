"""The two lists: every id, every piece of evidence; and what is wrong with a list is found."""

from collections import Counter
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.evidence import checking, lists, pack
from app.evidence.lists import Entry, Status
from tests.security import official

ROOT = Path(__file__).parents[2]
#: Of the 253: as many as are proved by what runs or is checked. It only grows.
LEAST_PROVED = 190


def wanted(name: str) -> frozenset[str]:
    """Return the ids a list must hold, and no others."""
    if name == "mlps":
        return official.MLPS
    asked = {id_ for id_, level in official.ASVS.items() if level <= 2}
    return frozenset(asked | official.TAKEN_ON)


def faults(name: str, entries: dict[str, Entry]) -> list[str]:
    """Return what is wrong with a list: ids missing or too many, evidence that does not exist."""
    found = [f"{id_} is missing" for id_ in sorted(wanted(name) - set(entries))]
    found += [f"{id_} is no such id" for id_ in sorted(set(entries) - wanted(name))]
    if name == "asvs":
        found += [
            f"{id_} is of level {official.ASVS[id_]}"
            for id_, entry in entries.items()
            if official.ASVS.get(id_, entry.level) != entry.level
        ]
    return found + list(checking.missing(entries, ROOT))


def test_the_official_numbers_are_those_of_the_release() -> None:
    assert Counter(official.ASVS.values()) == {1: 70, 2: 183, 3: 92}
    assert all(official.ASVS[id_] == 3 for id_ in official.TAKEN_ON)


@pytest.mark.parametrize("name", lists.NAMES)
def test_every_id_is_answered_by_evidence_that_exists(name: str) -> None:
    assert faults(name, dict(lists.read(name))) == []


def test_as_many_as_promised_are_proved_by_what_runs() -> None:
    entries = lists.read("asvs")
    proved = [
        id_
        for id_, entry in entries.items()
        if entry.status in {Status.test, Status.config} and official.ASVS[id_] <= 2
    ]
    assert len(proved) >= LEAST_PROVED


def test_a_removed_id_is_found() -> None:
    for name in lists.NAMES:
        entries = dict(lists.read(name))
        gone = next(iter(entries))
        del entries[gone]
        assert faults(name, entries) == [f"{gone} is missing"]
        entries["99.9.9"] = next(iter(entries.values()))
        assert "99.9.9 is no such id" in faults(name, entries)


def test_a_vanished_test_file_or_heading_is_found() -> None:
    entries = dict(lists.read("asvs"))
    for evidence in (
        "tests/security/test_lists.py::test_that_never_was",
        "tests/security/test_never.py::test_x",
        "docs/operations/evidence.md#No such heading",
        "docs/no-such-page.md",
        "deploy/haproxy.cfg#no such words",
    ):
        spoilt = entries["1.1.1"].model_copy(update={"evidence": (evidence,)})
        assert faults("asvs", entries | {"1.1.1": spoilt}) == [f"1.1.1: {evidence}"]


@pytest.mark.parametrize(
    "entry",
    [
        "{level: 2, in_short: {en: x}, status: na}",
        "{level: 2, in_short: {en: x}, status: open, evidence: [README.md]}",
        "{level: 2, in_short: {en: x}, status: test, evidence: [README.md]}",
        "{level: 2, in_short: {en: x}, status: doc}",
        "{level: 2, in_short: {en: x}, status: config}",
        "{level: 2, in_short: {en: x}, status: done, evidence: [README.md]}",
        "{level: 2, status: na, reason: x}",
        "{level: 2, in_short: {en: x}, status: na, reason: x, more: 1}",
    ],
)
def test_an_entry_that_is_not_whole_is_refused(entry: str) -> None:
    with pytest.raises(ValidationError):
        lists.parsed(f'"1.1.1": {entry}')


def test_nothing_is_claimed_open_and_proved_at_once() -> None:
    """What is open or does not apply says why; a reason is a sentence."""
    for name in lists.NAMES:
        for id_, entry in lists.read(name).items():
            if entry.status in {Status.na, Status.open}:
                assert len(entry.reason) > 5, id_


def test_every_figure_named_is_one_that_was_measured() -> None:
    """Of stages whose figures are kept: no id that its harness does not have."""
    measured = set(pack.figures())
    stages = {id_.partition(".")[0] for id_ in measured}
    for name in lists.NAMES:
        for id_, entry in lists.read(name).items():
            known = [one for one in entry.figures if one.partition(".")[0] in stages]
            assert set(known) <= measured, id_
