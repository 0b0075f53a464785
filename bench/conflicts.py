"""Conflicts of interest on 10^6 made-up cases: nobody who must keep away is ever selected.

Run it as ``python -m bench.conflicts [cases] [processes]``; it writes bench/results/conflicts.json.
The truth of a case is known by construction (bench/conflict_cases.py); the rules and the second
check judge it apart from each other; then bugs are put in on purpose, and each must be found.
"""

import json
import multiprocessing
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from app.matching.conflicts import BUILT_IN, Checker, Purpose, Screen
from app.matching.parties import Person, Subject
from bench.conflict_cases import case
from bench.conflict_matters import matter
from bench.conflict_mutants import IN_THE_RULES, IN_THE_SECOND_CHECK, mutated
from bench.conflict_run import Tally, person, raw_of, run, subject_of
from bench.conflict_world import build

RESULT = Path(__file__).parent / "results" / "conflicts.json"
CASES = 1_000_000
PART = 20_000  # cases of one seed
OF_A_MUTANT = 12_000
DAY = date(2026, 11, 27)


def _part(given: tuple[int, int]) -> Tally:
    return run(*given)


def everything(many: int, processes: int) -> Tally:
    """Run all cases, a seed at a time."""
    parts = [(seed, min(PART, many - at)) for seed, at in enumerate(range(0, many, PART), 1)]
    whole = Tally()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for done, tally in enumerate(pool.imap_unordered(_part, parts), 1):
            whole.add(tally)
            print(f"{done}/{len(parts)}", end="\r", flush=True)
    return whole


def found_by(many: int = OF_A_MUTANT) -> Iterator[tuple[str, int]]:
    """Yield each bug put in with the number of cases that show it."""
    for mutants, second in ((IN_THE_RULES, False), (IN_THE_SECOND_CHECK, True)):
        for name, patches in mutants.items():
            with mutated(patches):
                tally = run(1, many)
            yield name, len(tally.missed_second if second else tally.missed)


def library(people: int, subjects: int) -> tuple[list[Person], list[Subject]]:
    """Make a library and matters of one world, all on one day."""
    dice = Random(7)  # noqa: S311 -- repeatable, not secret
    world = build(dice)
    matters = [matter(dice, world, number) for number in range(subjects)]
    made = [case(dice, world, dice.choice(matters), number) for number in range(people)]
    told = [subject_of(about) for about in matters]
    return [person(raw_of(one.expert)) for one in made], told


def speed() -> tuple[float, float, int]:
    """Return seconds for 5,000 people x 1 subject, for x 1,000 subjects, and disagreements."""
    people, subjects = library(5000, 1000)
    times, first = [], list[bool]()
    for _turn in range(3):  # the first reads names, as a server does once
        start = time.process_time()
        checker = Checker(subjects[0], DAY, BUILT_IN, Purpose.review)
        first = [not checker.clear(p) for p in people]
        times.append(time.process_time() - start)
    one = min(times)
    print("one subject, seconds, first and later:", [round(t, 3) for t in times])
    start = time.process_time()
    mask = Screen(people, DAY, BUILT_IN, Purpose.review).mask(subjects)
    many = time.process_time() - start
    wrong = int((mask[0] != first).sum())
    for row in range(1, 20):
        checker = Checker(subjects[row], DAY, BUILT_IN, Purpose.review)
        wrong += sum(bool(mask[row][5 * n]) is checker.clear(p) for n, p in enumerate(people[::5]))
    return one, many, wrong


def row(
    name: str, what: str, value: float, unit: str, gate: float | None, *, least: bool = False
) -> dict[str, Any]:
    """Return one line of the result; ``least`` says that the gate is a lower limit."""
    held = None if gate is None else (value >= gate if least else value <= gate)
    told = {"id": name, "what": what, "value": value, "unit": unit, "gate": gate, "aim": gate}
    return told | {"held": held}


def main() -> None:
    """Measure and write the result."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    start = time.monotonic()
    tally = everything(many, processes)
    mutants = dict(found_by())
    unfound = [name for name, cases in mutants.items() if not cases]
    one, bulk, wrong = speed()
    rate = 100 * tally.kept_for_nothing / max(tally.free, 1)
    rows = [
        row("K1", "generated cases", tally.cases, "cases", CASES, least=True),
        row("K2", "conflicted persons selected", tally.selected_conflicted, "cases", 0),
        row("K3", "conflicted persons the rules let through", len(tally.missed), "cases", 0),
        row("K4", "the second check lets through", len(tally.missed_second), "cases", 0),
        row("K5", "reasons left out", len(tally.missed_reasons), "cases", 0),
        row("K6", "free persons kept away", round(rate, 4), "% of free", 0.5),
        row("K7", "free by the rules, refused by the second check", tally.kept_second, "cases", 0),
        row("K8", "kept away for a chance namesake alone", tally.namesakes, "cases", None),
        row("K9", "persons with a conflict among the cases", tally.conflicted, "cases", None),
        row("K10", "bugs put in", len(mutants), "bugs", 10, least=True),
        row("K11", "bugs put in and not found", len(unfound), "bugs", 0),
        row(
            "K12",
            "5,000 persons x 1 subject, names once read, CPU",
            round(1000 * one, 1),
            "ms",
            200,
        ),
        row("K13", "5,000 persons x 1,000 subjects, CPU", round(bulk, 2), "s", 10),
        row("K14", "cells where one and many disagree", wrong, "cells", 0),
        row("K15", "the whole run", round(time.monotonic() - start), "s", None),
    ]
    RESULT.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for told in rows:
        print(f"{told['id']:4} {told['what']:50} {told['value']:>12} {told['unit']} {told['held']}")
    for name in (*tally.missed[:9], *tally.missed_second[:9], *tally.missed_reasons[:9], *unfound):
        print("!", name)
    print(tally.by_code, tally.wrongly, sep="\n")
    if not all(told["held"] in (True, None) for told in rows):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
