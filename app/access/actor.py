"""Who is calling, under which hat; the one thing every permission is written against."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.access.roles import Role, Wall, wall_of


@dataclass(frozen=True, slots=True)
class Actor:
    """One account in one role.

    ``nodes`` are the parks, cities, provinces whose rows it works on; ``library_nodes`` adds those
    above, whose libraries it may read.
    """

    account_id: UUID
    username: str
    name: str
    role: Role
    organisation_id: int
    organisation_name: str
    node_id: int
    region_id: int
    nodes: tuple[int, ...] = ()
    library_nodes: tuple[int, ...] = ()
    party_id: UUID | None = None
    party_register: str | None = None
    hat_id: UUID | None = None
    session_id: UUID | None = None
    link_id: UUID | None = None  # the invitation it answers by, without an account
    link_private: bool = False  # nobody but the holder has had that link in hand
    locale: str = "zh-CN"
    factor_at: datetime | None = None  # when it last proved, in this session, who it is
    second_factor_at: datetime | None = None
    password_at: datetime | None = None  # when its password was chosen

    @property
    def wall(self) -> Wall:
        return wall_of(self.role)
