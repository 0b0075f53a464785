"""The roles of the service network (docs/glossary.md) and the wall each is behind."""

from enum import StrEnum

from app.core.labels import T


class Role(StrEnum):
    """What an account acts as. An account may hold several and acts under one at a time."""

    province_staff = "province_staff"
    centre_leader = "centre_leader"
    centre_staff = "centre_staff"
    station_staff = "station_staff"
    committee = "committee"
    enterprise = "enterprise"
    expert = "expert"
    auditor = "auditor"
    system_admin = "system_admin"
    security_admin = "security_admin"


class Wall(StrEnum):
    """The database login a role's requests run under: the second wall behind the predicates."""

    staff = "staff"  # rows of the organisation's nodes
    party = "party"  # rows linked to one enterprise or expert
    audit = "audit"  # the trail, nothing else


LABELS: dict[Role, T] = {
    Role.province_staff: T("省级工作人员", "Province staff"),
    Role.centre_leader: T("中心主任", "Centre leader"),
    Role.centre_staff: T("中心工作人员", "Centre staff"),
    Role.station_staff: T("工作站工作人员", "Workstation staff"),
    Role.committee: T("管委会工作人员", "Park committee"),
    Role.enterprise: T("企业用户", "Enterprise user"),
    Role.expert: T("专家", "Expert"),
    Role.auditor: T("审计管理员", "Audit administrator"),
    Role.system_admin: T("系统管理员", "System administrator"),
    Role.security_admin: T("安全管理员", "Security administrator"),
}

WALLS: dict[Role, Wall] = {
    Role.enterprise: Wall.party,
    Role.expert: Wall.party,
    Role.auditor: Wall.audit,
}

CENTRE = frozenset({Role.centre_leader, Role.centre_staff})
PARK = frozenset({Role.station_staff, Role.committee})
STAFF = CENTRE | PARK | {Role.province_staff}
#: The three separate administrators (MLPS level 3, 8.1.5); none of them sees business data.
ADMINISTRATORS = frozenset({Role.system_admin, Role.security_admin, Role.auditor})


def wall_of(role: Role) -> Wall:
    """Return the wall ``role`` works behind."""
    return WALLS.get(role, Wall.staff)


def named(roles: frozenset[Role]) -> T:
    """Return the roles as words, for a refusal that says who can."""
    ordered = [LABELS[role] for role in Role if role in roles]
    return T(
        "、".join(label.zh for label in ordered),
        ", ".join(label.en for label in ordered),
        "、".join(label.in_("zh-TW") for label in ordered),
    )
