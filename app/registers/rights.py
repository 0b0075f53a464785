"""Who alone may do something, or that nobody may: the words of a refusal."""

from app.access.roles import Role, named
from app.core.labels import T
from app.registers.showing import Refusal


def only(roles: frozenset[Role], by: T, never: T, register: T) -> Refusal:
    """Return ``by`` with those who may and the register's name, or ``never`` if nobody may."""
    if not roles:
        return never, {}
    return by, {"who": named(roles), "register": register}
