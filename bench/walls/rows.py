"""Figures of the walls: one shape for all harnesses."""

from typing import Any

Row = dict[str, Any]


def at_most(id_: str, what: str, value: float, gate: float, unit: str = "") -> Row:
    """Return a figure that must not be above its gate."""
    return _row(id_, what, value, unit, gate) | {"held": value <= gate}


def at_least(id_: str, what: str, value: float, gate: float, unit: str = "") -> Row:
    """Return a figure that must not be below its gate."""
    return _row(id_, what, value, unit, gate) | {"held": value >= gate}


def told(id_: str, what: str, value: float, unit: str = "") -> Row:
    """Return a figure that is reported and has no gate."""
    return _row(id_, what, value, unit, None)


def _row(id_: str, what: str, value: float, unit: str, gate: float | None) -> Row:
    return {
        "id": id_,
        "what": what,
        "value": round(value, 4),
        "unit": unit,
        "gate": gate,
        "aim": gate,
        "held": None,
    }
