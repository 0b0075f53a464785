"""Each query parameter once, unless the API describes it as a list: no reader picks another one."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from fastapi import FastAPI, Request

from app.core.errors import BadRequest
from app.core.labels import T

_TWICE = T(
    "地址里的 {name} 出现了不止一次，没有处理；请只保留一个后重试。",
    "The address holds {name} more than once, so nothing was done; keep one and try again.",
)


async def each_once(request: Request) -> None:
    """Refuse an address that holds a single parameter twice. Raises BadRequest."""
    counted = Counter(name for name, _ in request.query_params.multi_items())
    twice = [name for name, times in counted.items() if times > 1]
    if not twice:
        return
    operation = getattr(request.scope.get("route"), "operation_id", None)
    known = _lists(request.app).get(operation or "", frozenset())
    for name in twice:
        if name not in known:
            raise BadRequest(_TWICE, {"name": name[:40]})


@lru_cache(maxsize=4)
def _lists(app: FastAPI) -> dict[str, frozenset[str]]:
    """Return the names of parameters that are lists, by operation."""
    return {
        told["operationId"]: frozenset(
            parameter["name"]
            for parameter in told.get("parameters", ())
            if parameter["in"] == "query" and "array" in _types(parameter.get("schema", {}))
        )
        for methods in app.openapi()["paths"].values()
        for told in methods.values()
    }


def _types(schema: dict[str, Any]) -> Iterator[str]:
    yield schema.get("type", "")
    for one in schema.get("anyOf", ()):
        yield one.get("type", "")
