"""What the description of the API says of every operation alike, so that it says the truth.

FastAPI knows what a route declares; that a session may have ended, that a body may be no JSON or
too large, and that refusals are RFC 9457 documents is true of all of them and told here once.
"""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.routing import compile_path

from app.core.errors import BadRequest, Forbidden, Problem, TooLarge, Unauthenticated

MEDIA_TYPE = "application/problem+json"
#: Where a route that describes its body itself leaves the schemas the body refers to.
SCHEMAS = "x-schemas"
_JSON = "application/json"
_PROBLEM = {"$ref": "#/components/schemas/ProblemBody"}
_UNREADABLE = "The body cannot be read"
_REFUSED = 400  # and above
_METHODS = "methods_by_path"
_UNSAFE = frozenset({"post", "put", "patch", "delete"})


def install(app: FastAPI) -> None:
    """Let the application complete its description when it is first asked for."""
    told = app.openapi

    def completed() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = complete(told())
        return app.openapi_schema

    app.openapi = completed  # type: ignore[method-assign]


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return a route's ``openapi_extra=`` for a body it validates itself, once it knows whose."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    cited = schema.pop("$defs", {})
    body = {"content": {_JSON: {"schema": schema}}, "required": True}
    return {"requestBody": body, SCHEMAS: cited}


def complete(api: dict[str, Any]) -> dict[str, Any]:
    """Add to every operation of ``api`` the answers it shares with others; return ``api``."""
    schemas = api.get("components", {}).get("schemas", {})
    for methods in api["paths"].values():
        for method, operation in methods.items():
            for name, schema in operation.pop(SCHEMAS, {}).items():
                schemas.setdefault(name, schema)
            _share(method, operation)
    return api


def methods_at(app: FastAPI, path: str) -> list[str]:
    """Return the methods the description knows for an address; [] for one it does not know.

    The framework tells only those of the first route that has the path.
    """
    known: list[tuple[re.Pattern[str], list[str]]] | None = getattr(app.state, _METHODS, None)
    if known is None:
        paths = app.openapi()["paths"].items()
        known = [(compile_path(one)[0], sorted(map(str.upper, told))) for one, told in paths]
        setattr(app.state, _METHODS, known)
    found = {method for pattern, methods in known if pattern.match(path) for method in methods}
    return sorted(found)


def _share(method: str, operation: dict[str, Any]) -> None:
    answers: dict[str, Any] = operation["responses"]
    if operation.get("security"):
        _add(answers, Unauthenticated)
        if method in _UNSAFE:
            _add(answers, Forbidden)  # a request that another site may have caused
    if any(one["in"] == "query" for one in operation.get("parameters", ())):
        _add(answers, BadRequest)  # one of them twice
    if "requestBody" in operation:
        answers.setdefault("400", {"description": _UNREADABLE, "content": {_JSON: _said()}})
        _add(answers, TooLarge)
    for status, answer in answers.items():
        if status.isdigit() and int(status) >= _REFUSED and _JSON in answer.get("content", {}):
            answer["content"] = {MEDIA_TYPE: answer["content"][_JSON]}


def _add(answers: dict[str, Any], problem: type[Problem]) -> None:
    told = {"description": problem.title.en, "content": {_JSON: _said()}}
    answers.setdefault(str(problem.status), told)


def _said() -> Mapping[str, Any]:
    return {"schema": dict(_PROBLEM)}
