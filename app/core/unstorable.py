"""Which field holds a text that no database keeps: a NUL, or half a character."""

import json
import re
from collections.abc import Iterator
from typing import Any

from fastapi import Request

from app.core.errors import FieldError, Invalid, Problem
from app.core.labels import T
from app.core.validation import escaped

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_HERE = T(
    "含有无法保存的特殊字符，请删去。", "It holds a character that cannot be stored; take it out."
)
_BODY = T(
    "有文字或数字无法保存；请删去特殊字符，或核对数字的位数。",
    "A text or number in it cannot be stored; take out special characters, or check the digits.",
)


async def located(request: Request, problem: Problem) -> Problem:
    """Return the problem with the fields that caused it, else with the whole body."""
    if type(problem) is not Invalid or problem.errors:
        return problem
    pointers = [*_in_query(request), *_inside(await _body(request))]
    errors = [FieldError(pointer, "unstorable", _HERE) for pointer in dict.fromkeys(pointers)]
    found = errors or [FieldError("", "unstorable", _BODY)]
    return Invalid(problem.detail, problem.params, found)


def _in_query(request: Request) -> Iterator[str]:
    for name, value in request.query_params.multi_items():
        if _UNSTORABLE.search(value):
            yield f"/{escaped(name)}"


async def _body(request: Request) -> Any:
    """Return what was sent, where it is JSON and was read already; a stream is read only once."""
    if not hasattr(request, "_body"):
        return None
    try:
        return json.loads(await request.body())
    except ValueError:
        return None


def _inside(value: Any, pointer: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            yield pointer
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _inside(inner, f"{pointer}/{escaped(name)}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _inside(inner, f"{pointer}/{place}")
