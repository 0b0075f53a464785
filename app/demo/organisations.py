"""Who runs the fictitious province: one province, two cities, four parks, and their staff."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.passwords import hashed_now
from app.access.roles import Role
from app.access.tables import Account, AccountState, Hat, Organisation, OrganisationKind
from app.demo.names import MARK

#: The one password of every demo account. Written down here and in the README on purpose: an
#: installation with these accounts holds nothing real, and must never.
PASSWORD = "Demo-park-2026"  # noqa: S105 -- known to everybody by design

_CITIES = (
    ("yq", "云启", "990100", ("样例云启市高新技术产业园区", "样例云启市滨湖科技园区")),
    ("xz", "星渚", "990200", ("样例星渚市高新技术产业园区", "样例星渚市智能制造园区")),
)


@dataclass(frozen=True, slots=True)
class Park:
    """A park, and who acts there."""

    code: str
    city_word: str  # in the names of its enterprises
    organisation: Organisation
    city: Organisation
    station: Actor
    committee: Actor
    centre: Actor
    leader: Actor
    province: Actor


@dataclass(slots=True)
class Founded:
    """The organisations of the demo and everybody employed by them."""

    parks: list[Park] = field(default_factory=list)
    nodes: tuple[int, ...] = ()
    password_hash: str = ""

    @property
    def writer(self) -> Actor:
        """Whose scope the demo is written in: every node's. The names are those who acted."""
        return replace(self.parks[0].province, nodes=self.nodes, library_nodes=self.nodes)


async def found(session: AsyncSession) -> Founded:
    """Found province, cities and parks, and hire their staff."""
    founded = Founded(password_hash=hashed_now(PASSWORD))
    tree = _Tree(session, founded.password_hash)
    province = await tree.add(None, OrganisationKind.province, "demo", "样例省科学技术厅", "990000")
    cities = [
        (
            code,
            word,
            await tree.add(
                province,
                OrganisationKind.centre,
                f"demo-{code}",
                f"样例{word}市生产力促进中心",
                division,
            ),
            division,
            parks,
        )
        for code, word, division, parks in _CITIES
    ]
    above = await tree.hire(province, Role.province_staff, "province", "省厅工作人员")
    for role, username, name in (
        (Role.auditor, "auditor", "审计管理员"),
        (Role.system_admin, "sysadmin", "系统管理员"),
        (Role.security_admin, "secadmin", "安全管理员"),
    ):
        await tree.hire(province, role, username, name)
    for code, word, city, division, parks in cities:
        leader = await tree.hire(city, Role.centre_leader, f"leader-{code}", f"{word}中心主任")
        centre = await tree.hire(city, Role.centre_staff, f"centre-{code}", f"{word}中心专员")
        for place, name in enumerate(parks, 1):
            park = await tree.park(city, f"{code}{place}", name, str(int(division) + place))
            founded.parks.append(
                _together(park, f"{code}{place}", word, city, (centre, leader, above))
            )
    founded.nodes = tree.nodes()
    founded.parks = [tree.scoped(park) for park in founded.parks]
    return founded


Post = tuple[Organisation, Actor, Actor]


def _together(
    post: Post, code: str, word: str, city: Organisation, above: tuple[Actor, Actor, Actor]
) -> Park:
    """Put a park together from its own people and those of its city and province."""
    organisation, station, committee = post
    centre, leader, province = above
    return Park(code, word, organisation, city, station, committee, centre, leader, province)


class _Tree:
    """Makes organisations and accounts, and knows who reaches which nodes."""

    def __init__(self, session: AsyncSession, password_hash: str) -> None:
        self._session = session
        self._hash = password_hash
        self._made: list[Organisation] = []

    async def add(
        self,
        parent: Organisation | None,
        kind: OrganisationKind,
        code: str,
        name: str,
        division: str,
    ) -> Organisation:
        made = Organisation(
            parent_id=parent.id if parent else None,
            kind=kind,
            code=code,
            name=name,
            node_id=parent.node_id if parent else 0,
            region_id=parent.region_id if parent else 0,
            ancestors=[*parent.ancestors, _id(parent)] if parent else [],
            host_division_code=division,
            fictitious=True,
        )
        self._session.add(made)
        await self._session.flush()
        if kind not in (OrganisationKind.committee, OrganisationKind.station):
            made.node_id = _id(made)
        if kind in (OrganisationKind.province, OrganisationKind.centre):
            made.region_id = _id(made)
        await self._session.flush()
        self._made.append(made)
        return made

    async def park(self, city: Organisation, code: str, name: str, division: str) -> Post:
        park = await self.add(city, OrganisationKind.park, f"demo-{code}", name, division)
        committee = await self.add(
            park, OrganisationKind.committee, f"demo-{code}-gwh", f"{name}管理委员会", division
        )
        station = await self.add(
            park, OrganisationKind.station, f"demo-{code}-gzz", f"{name}科技工作站", division
        )
        word = name.partition("市")[2][:2]
        return (
            park,
            await self.hire(station, Role.station_staff, f"station-{code}", f"{word}工作站专员"),
            await self.hire(committee, Role.committee, f"committee-{code}", f"{word}管委会专员"),
        )

    async def hire(self, where: Organisation, role: Role, username: str, name: str) -> Actor:
        account = Account(
            username=username,
            name=f"{name}{MARK}",
            state=AccountState.active,
            password_hash=self._hash,
            fictitious=True,
        )
        hat = Hat(account_id=account.id, role=role, organisation_id=_id(where))
        for row in (account, hat):
            self._session.add(row)
            await self._session.flush()
        return Actor(
            account_id=account.id,
            username=username,
            name=account.name,
            role=role,
            organisation_id=_id(where),
            organisation_name=where.name,
            node_id=where.node_id,
            region_id=where.region_id,
            hat_id=hat.id,
        )

    def nodes(self) -> tuple[int, ...]:
        return tuple(sorted({made.node_id for made in self._made}))

    def scoped(self, park: Park) -> Park:
        """Give everybody of a park the nodes that a session of theirs would have."""
        return replace(
            park,
            station=self._in_scope(park.station),
            committee=self._in_scope(park.committee),
            centre=self._in_scope(park.centre),
            leader=self._in_scope(park.leader),
            province=self._in_scope(park.province),
        )

    def _in_scope(self, actor: Actor) -> Actor:
        node = next(made for made in self._made if made.id == actor.node_id)
        if actor.role in (Role.station_staff, Role.committee):
            nodes: tuple[int, ...] = (_id(node),)
        else:
            nodes = tuple(sorted(self._below(node)))
        return replace(actor, nodes=nodes, library_nodes=(*nodes, *node.ancestors))

    def _below(self, node: Organisation) -> Iterator[int]:
        for made in self._made:
            if made.node_id == made.id and (made is node or node.id in made.ancestors):
                yield _id(made)


Party = tuple[str, str, str, UUID]  # username, name, register, id


def partners(
    parties: Sequence[Party], where: Organisation, password_hash: str
) -> tuple[list[Account], list[Hat], list[Actor]]:
    """Return accounts of enterprises or experts, with what they act as."""
    accounts, hats, actors = [], [], []
    for username, name, register, party_id in parties:
        role = Role.enterprise if register == "enterprises" else Role.expert
        account = Account(
            username=username,
            name=name[:64],
            state=AccountState.active,
            password_hash=password_hash,
            fictitious=True,
        )
        hat = Hat(
            account_id=account.id,
            role=role,
            organisation_id=_id(where),
            party_register=register,
            party_id=party_id,
        )
        accounts.append(account)
        hats.append(hat)
        actors.append(
            Actor(
                account_id=account.id,
                username=username,
                name=account.name,
                role=role,
                organisation_id=_id(where),
                organisation_name=where.name,
                node_id=where.node_id,
                region_id=where.region_id,
                party_id=party_id,
                party_register=register,
                hat_id=hat.id,
            )
        )
    return accounts, hats, actors


def _id(organisation: Organisation) -> int:
    if organisation.id is None:
        raise LookupError(organisation.code)
    return organisation.id
