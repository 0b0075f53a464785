"""What the OpenAPI says of a register's fields: which there are, what may be asked and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

#: What every record carries besides its fields.
ALWAYS = frozenset({"id", "version", "node_id", "owner_id", "created_at", "updated_at"})
_TOLD = frozenset({"labels", "moves", "refused", "editable"})
_VALUES: Mapping[str, Any] = {"integer": 1, "number": 1, "boolean": "true"}
_FORMATS: Mapping[str, str] = {
    "uuid": str(UUID(int=0xABCDEF)),
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
}


@dataclass(frozen=True, eq=False)
class Form:
    """One register as the API describes it."""

    register: str
    api: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Return the register's name as operation ids carry it."""
        return self.register.replace("-", "_")

    def _operation(self, verb: str) -> Mapping[str, Any]:
        wanted = f"{self.name}_{verb}"
        for methods in self.api["paths"].values():
            for told in methods.values():
                if told["operationId"] == wanted:
                    return dict(told)
        raise KeyError(wanted)

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self.api["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return schema

    @cached_property
    def _public(self) -> Mapping[str, Any]:
        told = self._operation("read")["responses"]["200"]["content"]["application/json"]["schema"]
        return dict(self._resolved(told)["properties"])

    @cached_property
    def fields(self) -> frozenset[str]:
        """Every field of a record, those the house sets itself among them."""
        return frozenset(self._public) - _TOLD - ALWAYS | {"created_at", "updated_at"}

    @cached_property
    def written(self) -> frozenset[str]:
        """The fields of the body an author sends."""
        body = self._operation("create")["requestBody"]["content"]["application/json"]["schema"]
        return frozenset(self._resolved(body)["properties"])

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """The list's parameters about one field, each with a value of its type."""
        told = self._operation("list")["parameters"]
        return {
            one["name"]: self._value(one["schema"])
            for one in told
            if one["in"] == "query" and one["name"].partition("__")[0] in self.fields
        }

    def _value(self, schema: Mapping[str, Any]) -> str:
        schema = self._resolved(schema)
        for one in schema.get("anyOf", ()):
            if one.get("type") != "null":
                return self._value(one)
        if schema.get("type") == "array":
            return self._value(schema["items"])
        if "enum" in schema:
            return str(schema["enum"][0])
        if "const" in schema:
            return str(schema["const"])
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        return str(_VALUES.get(schema.get("type", ""), "1"))

    def many(self, field: str) -> bool:
        """Say whether a field holds a list."""
        schema = self._public[field]
        return any(one.get("type") == "array" for one in (schema, *schema.get("anyOf", ())))
