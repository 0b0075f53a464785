"""`make prove`: the long forms of all harnesses, one after the other.

Each stage is a module of this folder with ``measured(long)``, which yields rows; it runs in a
process of its own, so that what one breaks the next does not meet. Writes
bench/results/walls.json and the table of docs/operations/security.md.
"""

import argparse
import importlib
import json
import subprocess
import sys
import time
from pathlib import Path

from bench.walls.rows import Row

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "bench" / "results" / "walls.json"
PAGE = ROOT / "docs" / "operations" / "security.md"
BEGINS, ENDS = "<!-- figures: begin -->", "<!-- figures: end -->"
#: In the order of the table.
STAGES = ("access", "seen", "sealed", "trail", "signing", "input", "faults", "overload", "lists")


def main() -> None:
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--short", action="store_true", help="minutes; writes no result")
    asks.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    asks.add_argument("stages", nargs="*", choices=[[], *STAGES], help="all if none is named")
    given = asks.parse_args()
    stages = tuple(given.stages) or STAGES
    if given.in_process:
        for row in importlib.import_module(f"bench.walls.{stages[0]}").measured(not given.short):
            print(json.dumps(row, ensure_ascii=False), flush=True)
        return
    missed: list[str] = []
    for stage in stages:
        rows = _in_own_process(stage, short=given.short)
        if not given.short:
            _keep(stage, rows)
        missed += [row["id"] for row in rows if row["held"] is False]
    print("short of their gate:", ", ".join(missed) or "none")
    sys.exit(bool(missed))


def _in_own_process(stage: str, *, short: bool) -> list[Row]:
    """Run one stage; a stage that dies is a figure that is not held."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "bench.walls", "--in-process", *["--short"] * short, stage]
    rows: list[Row] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for said in process.stdout:
            if not said.startswith("{"):
                sys.stdout.write(said)
                continue
            rows.append(json.loads(said) | {"stage": stage})
            print(line(rows[-1]), flush=True)
    if process.returncode:
        what = f"the harness ended with status {process.returncode}"
        rows.append(
            {"id": f"{stage}.ran", "what": what, "value": 0, "unit": "", "gate": 1, "aim": 1}
            | {"held": False, "stage": stage}
        )
    print(f"# {stage}: {time.perf_counter() - began:.0f} s", flush=True)
    return rows


def line(row: Row) -> str:
    mark = {True: "ok", False: "NO", None: "  "}[row["held"]]
    gate = "" if row["gate"] is None else f"gate {row['gate']}"
    return f"{mark:2} {row['id']:<32}{row['value']!s:>10} {row['unit']:<8}{gate:<14}{row['what']}"


def _keep(stage: str, rows: list[Row]) -> None:
    """Put the rows of a stage into the result file and the page, in the place of its last ones."""
    before: list[Row] = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else []
    kept = [row for row in before if row["stage"] != stage] + rows
    kept.sort(key=lambda row: STAGES.index(row["stage"]))
    RESULT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    page = PAGE.read_text("utf-8")
    head, _, rest = page.partition(BEGINS)
    _, _, tail = rest.partition(ENDS)
    PAGE.write_text(f"{head}{BEGINS}\n{table(kept)}{ENDS}{tail}", "utf-8")


def table(rows: list[Row]) -> str:
    """Return the figures as a table in Markdown, those not held in bold."""
    lines = ["| wall | figure | value | goal | held |", "|---|---|---|---|---|"]
    for row in rows:
        held = {True: "yes", False: "**no**", None: ""}[row["held"]]
        goal = "" if row["gate"] is None else f"{row['gate']:g}"
        value = f"{row['value']} {row['unit']}".strip()
        lines.append(f"| {row['stage']} | {row['what']} | {value} | {goal} | {held} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
