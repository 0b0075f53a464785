"""Every place of the API that takes text, as the description tells: query, path, header, body."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")
_DEEPEST = 4
_UUID = "00000000-0000-0000-0000-000000000000"
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """One input of one operation; ``way`` leads to it inside a body."""

    operation: str
    method: str
    path: str
    kind: str  # query, path, header, body
    name: str
    way: tuple[str | int, ...] = ()
    body: Any = None  # valid but for the place
    others: tuple[str, ...] = ()  # required parameters of the query

    def filled(self, payload: str) -> Any:
        """Return the body with the payload in its place."""
        made = deepcopy(self.body)
        inside = made
        for step in self.way[:-1]:
            inside = inside[step]
        inside[self.way[-1]] = payload
        return made


def places(api: Mapping[str, Any]) -> Iterator[Place]:
    """Yield every input that takes text; in a query numbers and dates arrive as text too."""
    told = _Told(api.get("components", {}).get("schemas", {}))
    for path, methods in api["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield from _of(told, methods[method], method.upper(), path)


def _of(told: "_Told", operation: Schema, method: str, path: str) -> Iterator[Place]:
    name, parameters = operation["operationId"], operation.get("parameters", ())
    needed = tuple(p["name"] for p in parameters if p["in"] == "query" and p.get("required"))
    for parameter in parameters:
        if parameter["in"] in ("query", "path", "header"):
            kind, said = parameter["in"], parameter["name"]
            yield Place(name, method, path, kind, said, others=needed)
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        if media == "application/json":
            body = told.sample(content["schema"])
            for way in told.texts(content["schema"], body):
                at = "/".join(map(str, way))
                yield Place(name, method, path, "body", at, way, body, needed)


@dataclass
class _Told:
    """The schemas of a description."""

    schemas: Mapping[str, Schema]

    def plain(self, schema: Schema) -> Schema:
        """Return what a schema refers to, its first kind where there are several."""
        while True:
            if "$ref" in schema:
                schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
            elif "anyOf" in schema:
                schema = schema["anyOf"][0]
            elif "allOf" in schema:
                schema = schema["allOf"][0]
            else:
                return schema

    def sample(self, schema: Schema, depth: int = 0, *, whole: bool = True) -> Any:
        """Return a small value the schema allows, with every field where ``whole``."""
        schema = self.plain(schema)
        if "enum" in schema:
            return schema["enum"][0]
        if "const" in schema:
            return schema["const"]
        kind = schema.get("type")
        if kind == "object":
            if depth > _DEEPEST:
                return {}
            needed = schema.get("required", ())
            return {
                name: self.sample(inner, depth + 1, whole=whole)
                for name, inner in schema.get("properties", {}).items()
                if whole or name in needed
            }
        if kind == "array":
            return [self.sample(schema.get("items", {}), depth + 1, whole=whole)]
        return _value(schema)

    def texts(self, schema: Schema, body: Any) -> Iterator[tuple[str | int, ...]]:
        """Yield the way to each text in a body of that schema."""
        schema = self.plain(schema)
        if isinstance(body, dict):
            for name, inner in body.items():
                for way in self.texts(schema["properties"][name], inner):
                    yield (name, *way)
        elif isinstance(body, list):
            for number, inner in enumerate(body):
                for way in self.texts(schema.get("items", {}), inner):
                    yield (number, *way)
        elif isinstance(body, str):
            yield ()


def _value(schema: Schema) -> Any:
    kind = schema.get("type", "string")
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return False
    if kind == "null":
        return None
    formats = {"uuid": _UUID, "date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z"}
    plain = "样例" + "x" * max(0, schema.get("minLength", 0) - 2)
    return formats.get(schema.get("format", ""), plain[: schema.get("maxLength", 200)])


def sample(schema: Schema) -> Any:
    """Return a small value that a schema with its own definitions allows."""
    return _Told(schema.get("$defs", {})).sample(schema)
