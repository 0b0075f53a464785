"""What a register's operations are called in OpenAPI: clients are generated from these names."""

from typing import TypedDict

from app.registers.directory import AnyRegister


class Called(TypedDict):
    operation_id: str
    summary: str


def called(register: AnyRegister, verb: str) -> Called:
    """Return an operation's id (``service_log_list``) and its one-line summary."""
    words = verb.replace("_", " ").capitalize()
    name = register.name.replace("-", "_")
    return {"operation_id": f"{name}_{verb}", "summary": f"{words}: {register.label.en}"}
