"""All registers of the house by name; filled once, by ``app.registry``."""

from collections.abc import Iterable
from typing import Any

from app.access.roles import Role
from app.core.errors import NotFound
from app.core.labels import T
from app.registers.register import Register

AnyRegister = Register[Any, Any]
_REGISTERS: dict[str, AnyRegister] = {}


def enter(registers: Iterable[AnyRegister]) -> None:
    """Put built registers into the directory."""
    _REGISTERS.update((register.name, register) for register in registers)


def everything() -> tuple[AnyRegister, ...]:
    """Return all registers, in the order of their floors."""
    return tuple(_REGISTERS.values())


def named(name: str) -> AnyRegister:
    """Return a register. Raises NotFound."""
    if name not in _REGISTERS:
        raise NotFound(
            T(
                "没有这个台账；请从菜单中重新进入。",
                "There is no such register; choose one from the menu.",
            )
        )
    return _REGISTERS[name]


def open_to(name: str, role: Role) -> AnyRegister:
    """Return a register that ``role`` may see at all. Raises NotFound."""
    register = named(name)
    if role not in register.rights.read:
        raise NotFound(
            T(
                "没有这个台账；请从菜单中重新进入。",
                "There is no such register; choose one from the menu.",
            )
        )
    return register
