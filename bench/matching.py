"""Everything that is measured of matching, in one go: `make bench-matching`.

Runs the product's own `park eval` commands and the benchmarks beside it one after the other, never
two at once, and writes bench/results/matching.json. ``--quick`` leaves out the large library and
the million cases of conflicts.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "bench" / "results" / "matching.json"
PARK = Path(sys.executable).with_name("park")
Row = dict[str, Any]


#: What each set must reach and what is aimed at (nDCG@10, Recall@10).
GOALS: dict[tuple[str, str], tuple[float, float]] = {
    ("cnproj_nsfc", "ndcg@10"): (0.205, 0.23),
    ("cnproj_nsfc", "recall@10"): (0.29, 0.33),
    ("cnproj_nssfc", "ndcg@10"): (0.104, 0.115),
    ("cslexp", "ndcg@10"): (0.5, 0.55),
}
SAME_SCRIPT = 0.005  # of a figure may be lost by asking in traditional characters


def of_sets(found: dict[str, Any]) -> list[Row]:
    """Return the figures of the evaluation sets as rows."""
    rows: list[Row] = []
    for name, told_of in found.items():
        engine = told_of["rows"]["engine"]
        for method, measures in told_of["rows"].items():
            for measure, one in measures.items():
                if not isinstance(one, dict) or "value" not in one:
                    continue
                goal = GOALS.get((name, measure)) if method == "engine" else None
                gate, aim = goal or (None, None)
                held = None if gate is None else one["value"] >= gate
                if method == "engine, traditional":
                    gate, aim = SAME_SCRIPT, SAME_SCRIPT
                    lost = 1 - one["value"] / engine[measure]["value"]
                    held = abs(lost) <= SAME_SCRIPT
                what = f"{measure} {one['interval']}"
                if "ahead" in one:
                    what += f"; engine ahead {one['ahead']['value']} {one['ahead']['interval']}"
                rows.append(
                    {"id": f"{name}.{method}.{measure}", "what": what, "value": one["value"],
                     "unit": "", "gate": gate, "aim": aim, "held": held}
                )  # fmt: skip
    return rows


def told(command: Sequence[str | Path]) -> list[Row]:
    """Run a command that prints rows as JSON; a figure that is not held is no failure here."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    try:
        printed = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise SystemExit(f"{command}: no rows, status {done.returncode}") from None
    rows: list[Row] = of_sets(printed) if isinstance(printed, dict) else printed
    print(f"# {' '.join(map(str, command[:4]))} … {time.perf_counter() - began:.0f} s", flush=True)
    for row in rows:
        print(line(row), flush=True)
    return rows


def line(row: Row) -> str:
    mark = {True: "ok", False: "NO", None: "  "}[row["held"]]
    goal = "" if row["gate"] is None else f"gate {row['gate']}"
    aim = "" if row["aim"] is None else f"aim {row['aim']}"
    figure = f"{row['value']!s:>12} {row['unit']:<9}"
    return f"{mark:2} {row['id']:<38}{figure}{goal:<14}{aim:<12}{row['what']}"


def written(module: str, *more: str) -> list[Row]:
    """Run a benchmark that writes its rows to a file."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.json"
        command = [sys.executable, "-m", module, *more, "--out", str(out)]
        subprocess.run(command, cwd=ROOT, check=True)
        rows: list[Row] = json.loads(out.read_text("utf-8"))
    print(f"# {module}")
    for row in rows:
        print(line(row), flush=True)
    return rows


EVAL: dict[str, list[str]] = {
    "sets": ["matching", "--data", "bench/data/matching", "--baselines"],
    "assignment": ["assignment", "--projects", "1000", "--experts", "5000"],
    "tight": ["assignment", "--projects", "1000", "--experts", "600", "--objective", "worst-off"],
    "draw": ["draw", "--rounds", "20000"],
}
LARGE = ("scale", "request", "conflicts")


def measured(stage: str) -> list[Row]:
    if stage == "scale":
        return written("bench.matching_scale", "bench/data/matching")
    if stage == "request":
        return written("bench.matching_request")
    if stage == "conflicts":
        subprocess.run([sys.executable, "-m", "bench.conflicts"], cwd=ROOT, check=True)
        found: list[Row] = json.loads(RESULT.with_name("conflicts.json").read_text("utf-8"))
        return found
    rows = told([PARK, "eval", *EVAL[stage], "--json"])
    return [row | {"id": f"tight.{row['id']}"} for row in rows] if stage == "tight" else rows


def keep(rows: Sequence[Row]) -> None:
    """Put rows into the result file, in the place of those they renew."""
    before: list[Row] = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else []
    merged = {row["id"]: row for row in (*before, *rows)}
    text = json.dumps(list(merged.values()), ensure_ascii=False, indent=1)
    RESULT.write_text(text + "\n", "utf-8")


def main() -> None:
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--quick", action="store_true", help="without the large library")
    asks.add_argument("stages", nargs="*", choices=[[], *EVAL, *LARGE], help="all if none is named")
    given = asks.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    stages = given.stages or [*EVAL, *(() if given.quick else LARGE)]
    rows = []
    for stage in stages:
        found = measured(stage)
        keep(found)
        rows += found
    missed = [row["id"] for row in rows if row["held"] is False]
    print(f"{len(rows)} figures, {len(missed)} short of their gate: {', '.join(missed) or 'none'}")


if __name__ == "__main__":
    main()
