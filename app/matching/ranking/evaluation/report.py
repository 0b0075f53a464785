"""The report: a number never without its interval, nor without the last one it is compared to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from app.matching.ranking.evaluation.runs import Result, Series

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Last:
    """What was measured last: per unit, so that the difference can be paired."""

    version: str
    units: str
    measured: Mapping[str, Series]


def units_of(result: Result) -> str:
    return sha256("\n".join(result.units).encode()).hexdigest()[:16]


def last(folder: Path, name: str) -> Last | None:
    """Read the committed result of a set; None when there is none."""
    path = folder / f"{name}.json"
    if not path.exists():
        return None
    told = json.loads(path.read_text("utf-8"))
    measured = {
        measure: Series(np.array(one["top"], float), np.array(one["bottom"], float))
        for measure, one in told["measures"].items()
    }
    return Last(told["version"], told["units"], measured)


def keep(folder: Path, name: str, version: str, result: Result) -> None:
    """Write a result for later runs to be compared with; equal bottoms are written once."""
    folder.mkdir(parents=True, exist_ok=True)
    measured = {
        measure: {"top": _short(one.top), "bottom": _short(one.bottom)}
        for measure, one in result.measured.items()
    }
    told = {"version": version, "units": units_of(result), "measures": measured}
    (folder / f"{name}.json").write_text(json.dumps(told, separators=(",", ":")) + "\n", "utf-8")


def _short(values: Any) -> list[float | int]:
    rounded = np.round(values, _DIGITS)
    return [int(one) if one == int(one) else float(one) for one in rounded.tolist()]


def told(result: Result, before: Last | None) -> dict[str, Any]:
    """Describe a result: values, intervals, both halves, and the paired difference."""
    half = result.halves
    found: dict[str, Any] = {"units": len(result.units)}
    for measure, series in result.measured.items():
        one: dict[str, Any] = {
            "value": round(series.value, _DIGITS),
            "interval": _rounded(series.interval),
            "halves": _rounded((series.of(~half).value, series.of(half).value)),
        }
        if before and before.units == units_of(result) and measure in before.measured:
            one["change"] = difference(series, before.measured[measure])
            one["since"] = before.version
        found[measure] = one
    return found


def difference(series: Series, other: Series) -> dict[str, Any]:
    """Describe the paired difference of two runs over the same units."""
    apart = series.less(other)
    return {"value": round(apart.value, _DIGITS), "interval": _rounded(apart.interval)}


def _rounded(values: tuple[float, float]) -> list[float]:
    return [round(one, _DIGITS) for one in values]


def lines(name: str, rows: Mapping[str, dict[str, Any]]) -> list[str]:
    """Write the rows of one set as a table for people."""
    found = [name]
    for row, told_of in rows.items():
        for measure, one in told_of.items():
            if not isinstance(one, dict) or "value" not in one:
                continue
            text = f"  {row:<22} {measure:<10} {one['value']:.4f}"
            text += " [{:.4f}, {:.4f}]".format(*one["interval"])
            if "halves" in one:
                text += "  halves {:.4f} / {:.4f}".format(*one["halves"])
            for key, said in (("change", "since last"), ("ahead", "engine is ahead by")):
                if key in one:
                    apart = one[key]
                    text += f"  {said} {apart['value']:+.4f}"
                    text += " [{:+.4f}, {:+.4f}]".format(*apart["interval"])
            found.append(text)
    return found
