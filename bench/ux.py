"""What the screens promise, measured on the built package and ten thousand enterprises.

    .venv/bin/python -m bench.ux [stage …]     (also: make bench-ux)

Stages: pages narrow doing axe lighthouse keyboard words. Prints the table beside its goals and
merges the rows into bench/results/ux.json. Filling the demo takes some minutes; `--home DIR` keeps
and takes up again a filled PARK_HOME.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser

from bench import ux_doing, ux_judged, ux_pages
from bench.foundation import ROOT
from bench.ux_browser import chromium
from bench.ux_serving import ENTERPRISES, House, house

RESULT = ROOT / "bench" / "results" / "ux.json"
Row = dict[str, object]


def doing(browser: Browser, place: House) -> Iterator[Row]:
    yield from ux_doing.finding(browser, place)
    yield from ux_doing.scrolling(browser, place)
    yield from ux_doing.importing(browser, place)
    yield from ux_doing.filing(browser, place)
    yield from ux_doing.logging(browser, place)


SERVED: dict[str, Callable[[Browser, House], Iterator[Row]]] = {
    "pages": ux_pages.pages,
    "narrow": ux_pages.narrow,
    "doing": doing,
    "axe": ux_judged.axe,
    "lighthouse": lambda _, place: ux_judged.lighthouse(place),
}
ALONE: dict[str, Callable[[], Iterator[Row]]] = {
    "words": ux_judged.words,
    "keyboard": ux_judged.keyboard,
}


def measured(stages: Sequence[str], home: Path, enterprises: int) -> Iterator[Row]:
    served = [stage for stage in SERVED if stage in stages]
    if served:
        with house(home, enterprises) as place, chromium() as browser:
            for stage in served:
                yield from SERVED[stage](browser, place)
    for stage, alone in ALONE.items():
        if stage in stages:
            yield from alone()


def keep(rows: Iterable[Row]) -> None:
    """Merge rows into the result file, each the latest of its id."""
    known = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else []
    merged = {one["id"]: one for one in known} | {one["id"]: one for one in rows}
    ordered = [merged[name] for name in sorted(merged, key=_place)]
    RESULT.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _place(name: str) -> tuple[int, str]:
    digits = "".join(c for c in name if c.isdigit())
    return int(digits), name


def main() -> None:
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("stages", nargs="*", default=[*SERVED, *ALONE])
    asks.add_argument("--home", type=Path)
    asks.add_argument("--enterprises", type=int, default=ENTERPRISES)
    told = asks.parse_args()
    home = told.home or Path(tempfile.mkdtemp(prefix="park-bench-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    for one in measured(told.stages or [*SERVED, *ALONE], home, told.enterprises):
        value = f"{one['value']} {one['unit']}"
        print(
            f"{one['id']:5} {one['what']:90} {value:>12}  goal {one['gate']}  held: {one['held']}"
        )
        keep([one])


if __name__ == "__main__":
    main()
