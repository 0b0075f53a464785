"""Who reads which field, written down a second time: from 5.4 and the hard rules, not the code.

A field named in no table here is read by whoever sees the record. Nothing is imported from ``app``.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from tests.access.oracle import CITY, SEES, C, E, L, P, Roles, S, X

Sight = Literal["plain", "masked", "hidden"]
STAFF = CITY | {P}
CENTRE = frozenset({C, L})


def _to(roles: Roles, names: str) -> Mapping[str, Roles]:
    return dict.fromkeys(names.split(), roles)


#: Register by register: the fields only some of its readers read, and who these are.
PLAIN: Mapping[str, Mapping[str, Roles]] = {
    # personal values are plain to whom they are about; staff ask, record by record, with a reason
    "enterprises": _to(frozenset({E}), "contact_phone"),
    "needs": {
        # an expert is shown the problem, not who has it, what it may cost, how it is handled
        **_to(
            STAFF | {E},
            "enterprise_id budget contact_name number level station_name handler_name"
            " submitted_on accepted_on clock due_on due_unknown responded_on suspended_from"
            " reject_code published_at blind_title blind_text result resolved_on confirmed"
            " confirmed_at follow_ups follow_up_due closed_on closed_reason",
        ),
        "contact_phone": frozenset({E}),
        "avoid_experts": frozenset({S, C, L, E}),  # whoever wrote it, and would ask an expert
        "merged_into": STAFF,  # it may be another enterprise's
    },
    # which other enterprises took part and what is planned next is the house's own matter
    "service-log": _to(CITY, "next_step enterprise_ids confirmed_by disputed_by"),
    "experts": {
        **_to(
            STAFF | {X},  # beyond the card of 5.4
            "gender organisation_uscc division_code expertise documents employments max_load"
            " paused_note consent_given_on consent_scope",
        ),
        **_to(
            CENTRE | {X},
            "avoid_organisations shareholdings relations barred_until appeal appealed_at",
        ),
        **_to(frozenset({X}), "phone email id_number"),
        "conduct_note": CENTRE,
    },
    "matches": {
        **_to(
            CITY,  # how a candidate was judged stays among those who judge
            "note score parts documents reasons conflicts checked_on rules_version index_version"
            " weights_version reject_code reject_reason",
        ),
        **_to(CITY | {X}, "lent contested_at"),
    },
    "draws": {"avoid": frozenset({S, C, L})},  # for those who plan the draw
    "panels": {
        # an enterprise hears the result, not how the panel works
        **_to(
            STAFF,
            "mode draw_id size min_members chaired criteria meeting_on place online_url answer_by"
            " review_by locked_at locked_by lock_reason seal opened_at opened_by mean_score",
        ),
        # who sits, and what is being drafted, is between those who run it
        **_to(CENTRE, "assignment_id experts chair_id note conclusion_draft opinion_draft"),
    },
    "reviews": _to(CENTRE, "panel_id kind position gone_reason replaces"),
    "assignments": {"note": CENTRE},
}

#: Who is shown that there is a value, not the value.
MASKED: Mapping[str, Mapping[str, Roles]] = {
    "enterprises": {"contact_phone": CITY},
    "needs": {"contact_phone": STAFF},
    "experts": _to(CENTRE | {S}, "phone email id_number"),
}

#: What an author may not write though the record is its to edit: who may (5.4: "write own fields").
WRITERS: Mapping[str, Mapping[str, Roles]] = {
    "enterprises": _to(
        frozenset({S}),
        "name uscc former_names established_on registered_capital legal_representative entered_on"
        " industry_code tier hnte_certificate_no backbone leading ipo_reserve remark",
    ),
    "needs": {"enterprise_id": frozenset({S})},
    "experts": {"conduct_note": CENTRE},
}


def sight(role: str, register: str, field: str) -> Sight:
    """Return what a role that sees a record of ``register`` gets of one field."""
    if role not in SEES[register]:
        return "hidden"
    if role in PLAIN.get(register, {}).get(field, frozenset({role})):
        return "plain"
    return "masked" if role in MASKED.get(register, {}).get(field, frozenset()) else "hidden"


def writes(role: str, register: str, field: str) -> bool:
    """Say whether a role that may edit a record writes this field of it: only what it sees."""
    may = WRITERS.get(register, {}).get(field, frozenset({role}))
    return role in may and sight(role, register, field) != "hidden"


def shown(role: str, register: str, fields: Iterable[str]) -> frozenset[str]:
    """Return those of ``fields`` a role sees, plain or masked."""
    return frozenset(name for name in fields if sight(role, register, name) != "hidden")
