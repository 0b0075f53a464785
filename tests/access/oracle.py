"""Who may do what, written down a second time: from the specification, never from the code.

Source: domain model 5.4 (one row per role, one column per register), its hard rules, and issue 2
section 3. Nothing here is imported from ``app``; where the two disagree, one of them is wrong.

Agreed with the house's lead, beyond the table of 5.4:
- the auditor reads the trail and nothing else; no administrator reads business data;
- the province reads no single enterprise, qualification or log entry (sums come later), needs once
  handed up to it, projects from their recommendation on, and what libraries share;
- enterprises and experts read what is linked to them, nothing else;
- hard rule 6 (one hat per entry) has committee and centre log what they did themselves.
To be confirmed: 5.4 has a dash for the centre's leader in the column of achievements; here the
leader works with them as the centre's staff do.
"""

from collections.abc import Mapping

S, K, C, L = "station_staff", "committee", "centre_staff", "centre_leader"
P, E, X = "province_staff", "enterprise", "expert"
AUDITOR, SYSTEM, SECURITY = "auditor", "system_admin", "security_admin"
ROLES = frozenset({S, K, C, L, P, E, X, AUDITOR, SYSTEM, SECURITY})
CITY = frozenset({S, K, C, L})  # whoever works for one park or one city

#: The tree of the test house; "sub" of 5.4 is a node and everything below it.
BELOW: Mapping[str, frozenset[str]] = {
    "east-park": frozenset({"east-park"}),
    "lake-park": frozenset({"lake-park"}),
    "west-park": frozenset({"west-park"}),
    "east": frozenset({"east", "east-park", "lake-park"}),
    "west": frozenset({"west", "west-park"}),
    "province": frozenset({"province", "east", "west", "east-park", "lake-park", "west-park"}),
}
ABOVE: Mapping[str, frozenset[str]] = {
    place: frozenset(other for other in BELOW if other != place and place in BELOW[other])
    for place in BELOW
}


def _all(roles: frozenset[str], rule: str, **others: str) -> Mapping[str, str]:
    return dict.fromkeys(roles, rule) | others


#: Column by column of 5.4: by which rule a role sees a record. A role left out sees none.
SEES: Mapping[str, Mapping[str, str]] = {
    "enterprises": _all(CITY, "sub", enterprise="linked"),
    "qualifications": _all(CITY, "sub", enterprise="linked"),
    "needs": _all(CITY, "filed", province_staff="handed_up", enterprise="linked", expert="linked"),
    "service-log": _all(CITY, "sub", enterprise="linked"),
    "projects": _all(
        CITY, "sub", province_staff="recommended", enterprise="linked", expert="linked"
    ),
    # the card of a matched expert is an enterprise's to see while there is one in the library
    "experts": _all(CITY, "library", province_staff="shared", enterprise="card", expert="linked"),
    "achievements": _all(
        CITY, "library", province_staff="offered", enterprise="linked", expert="linked"
    ),
    "matches": _all(CITY, "sub", enterprise="revealed", expert="asked"),
    "conflict-rules": {  # the centre drafts, its leader activates; in force they bind all below
        **dict.fromkeys((C, L), "sub"),
        **dict.fromkeys((S, K, P), "laid_down"),
    },
    "draws": _all(CITY, "sub", province_staff="published"),
    "panels": _all(CITY, "sub", province_staff="published", enterprise="result"),
    "reviews": {C: "sub", L: "sub", X: "seated"},  # expert: own assignments
    "assignments": {C: "sub", L: "sub", K: "sub"},  # centre: run; committee: looks on
}

Roles = frozenset[str]
NOBODY: Roles = frozenset()
_KEEP = frozenset({S, C, L})  # station and centre, where 5.4 says "write", "sub", "match"
_HANDLE = _KEEP | {P}  # whoever a need was handed to


def _roles(*names: str) -> Roles:
    return frozenset(names)


#: Column by column: who may do what with a record it sees. "history" is who reads the past of it.
MAY: Mapping[str, Mapping[str, Roles]] = {
    "enterprises": {  # station: read/write; enterprise: write own fields; others read
        "create": _roles(S),
        "revise": _roles(S, E),
        "delete": _roles(S),
        "export": CITY,
        "import": _roles(S),
        "attach": _roles(S, E),
        "history": CITY | {E},
        "observe": _roles(S, E),
        "reveal": _roles(S),  # whom to call there
    },
    "qualifications": {  # as the enterprise they belong to; certificates are the station's to enter
        "create": _roles(S),
        "revise": _roles(S),
        "delete": _roles(S),
        "export": CITY,
        "import": _roles(S),
        "attach": _roles(S, E),
        "history": CITY | {E},
    },
    "needs": {  # enterprise: create, edit draft; station: accept, match, escalate
        "create": _roles(E, S),
        "revise": _HANDLE | {E},
        "delete": NOBODY,
        "export": CITY,
        "import": _roles(S),
        "attach": _roles(E, S, C),
        "history": CITY | {P, E},
        "match": _KEEP,
        "reveal": _roles(S),
    },
    "service-log": {  # write own, under one hat
        "create": _roles(S, K, C),
        "revise": _roles(S, K, C),
        "delete": NOBODY,
        "export": CITY,
        "import": _roles(S),
        "attach": _roles(S, K, C),
        "history": CITY | {E},
    },
    "projects": {  # station: prepare; centre: recommend; enterprise: its own
        "create": _roles(S, C, E),
        "revise": _roles(S, C, E),
        "delete": _roles(C),
        "export": CITY | {P},
        "import": _roles(S, C),
        "attach": _KEEP | {E},
        "history": CITY | {P, E},
        "match": _KEEP,
    },
    "experts": {  # centre: manages; leader: approves; station: invites; expert: own profile
        "create": _roles(S, C, P),
        "revise": _roles(S, C, L, P, X),
        "delete": _roles(L),
        "export": _roles(C, L, P),
        "import": _roles(C, P),
        "attach": _roles(S, C, L, P, X),
        "history": _roles(C, L, P, X),
        "reveal": _roles(C, L),
    },
    "achievements": {  # station: write; enterprise, expert: their own
        "create": _KEEP | {E, X},
        "revise": _KEEP | {E, X},
        "delete": _roles(C),
        "export": CITY | {P},
        "import": _KEEP,
        "attach": _KEEP | {E, X},
        "history": CITY | {P, E, X},
    },
    "matches": {  # station: match; enterprise and expert: what is revealed to them
        "create": _KEEP,
        "revise": _KEEP,
        "delete": NOBODY,
        "export": CITY,
        "import": NOBODY,
        "attach": _KEEP,
        "history": CITY,
        "link": _KEEP,  # by which an expert answers without an account
        "invitation": _KEEP,
    },
    "conflict-rules": {  # laid down once, never rewritten
        "create": _roles(C),
        "revise": _roles(C),
        "delete": NOBODY,
        "export": CITY | {P},
        "import": NOBODY,
        "attach": _roles(C),
        "history": CITY | {P},
    },
    "draws": {  # station: request draw; centre: run draw; whoever asked changes nothing afterwards
        "create": _roles(S, C),
        "revise": _roles(S, C),
        "delete": NOBODY,
        "export": CITY,
        "import": NOBODY,
        "attach": _roles(S, C),
        "history": CITY | {P},
        "people": CITY | {P},  # once there is a result
        "bundle": CITY | {P},
    },
    "panels": {  # the centre runs them; who sits is between those who run them
        "create": _roles(C, L),
        "revise": _roles(C, L),
        "delete": NOBODY,
        "export": _roles(C, L),
        "import": NOBODY,
        "attach": _roles(C, L),
        "history": _roles(C, L),
        "seats": _roles(C, L),
    },
    "reviews": {  # the house seats people; only the author writes a sheet
        "create": NOBODY,
        "revise": NOBODY,
        "delete": NOBODY,
        "export": _roles(C, L),
        "import": NOBODY,
        "attach": NOBODY,
        "history": _roles(C, L),
        "link": _roles(C, L),
        "invitation": _roles(C, L),
        "sheet": _roles(X),
        "draft": _roles(X),
    },
    "assignments": {  # the centre's staff run them; who was assigned is the centre's to know
        "create": _roles(C),
        "revise": _roles(C),
        "delete": _roles(C),
        "export": _roles(C, L),
        "import": NOBODY,
        "attach": _roles(C),
        "history": _roles(K, C, L),
        "result": _roles(C, L),
    },
}


def _by(roles: Roles, *moves: str) -> Mapping[str, Roles]:
    return dict.fromkeys(moves, roles)


#: Who may take which step (5.3 with 5.4).
MOVES: Mapping[str, Mapping[str, Roles]] = {
    "enterprises": _by(_roles(S), "leave", "cancel", "reinstate"),
    "qualifications": {},
    "needs": {
        **_by(_roles(E, S), "submit", "return"),
        **_by(_roles(S), "accept", "reject"),
        **_by(_HANDLE, "merge", "match", "start", "resolve", "follow_up", "close"),
        **_by(_HANDLE, "suspend", "resume"),
        **_by(_roles(S, K), "publish"),  # the committee approves the release
        **_by(_roles(E), "confirm", "withdraw"),  # only the enterprise can confirm
        **_by(_KEEP, "escalate"),
    },
    "service-log": {**_by(_roles(E), "confirm", "dispute"), **_by(_roles(S, K, C), "void")},
    "projects": {
        **_by(_roles(S, C), "reserve", "argue", "apply", "archive"),
        **_by(_roles(K, C, L), "recommend"),
        **_by(_roles(L, P), "approve"),
        **_by(_roles(K, C, L, P), "reject"),
        **_by(_KEEP, "sign", "start", "change", "delay", "resume", "request_acceptance"),
        **_by(_KEEP, "transform", "terminate"),
        **_by(_roles(C, L, P), "accept", "fail"),
    },
    "experts": {
        **_by(_roles(S, C, P, X), "apply"),
        **_by(_roles(C, L, P), "verify"),
        **_by(_roles(L, P), "admit", "bar", "lift"),
        **_by(_roles(C, L, P, X), "pause", "resume", "retire", "readmit"),
        **_by(_roles(X), "appeal"),
    },
    "achievements": {
        **_by(_KEEP, "register", "evaluate", "list", "negotiate", "contract"),
        **_by(_KEEP, "register_contract", "track"),
        **_by(_KEEP | {E, X}, "withdraw"),
    },
    "matches": {
        **_by(_KEEP, "choose", "reject", "reconsider", "invite", "start", "finish"),
        **_by(_KEEP, "finish_without_help", "give_up"),
        **_by(_roles(X), "accept", "decline", "recuse", "contest"),
    },
    "conflict-rules": {  # hard rule 5: another person, the leader
        **_by(_roles(L), "activate"),
        **_by(_roles(C, L), "withdraw"),
    },
    "draws": {
        **_by(_roles(C), "freeze", "enter_beacon"),
        **_by(_roles(C, K, L), "commit", "reveal"),  # committee: witness
        **_by(_roles(L), "release", "void"),  # hard rule 5: another person, the leader
        **_by(_roles(C, L), "publish"),
    },
    "panels": {
        **_by(_roles(C, L), "invite", "fill", "confirm", "begin", "cancel"),
        **_by(_roles(C), "lock"),
        **_by(_roles(L), "open", "publish"),  # hard rule 5: another person, the leader
        **_by(_roles(L), "announce", "retract"),
    },
    "reviews": {
        **_by(_roles(X), "accept", "decline", "recuse", "declare", "submit"),
        **_by(_roles(X), "summarise", "contest"),
        **_by(_roles(C, L), "replace"),
    },
    "assignments": _by(_roles(C), "start", "cancel", "adopt"),
}

#: Operations outside the registers: who is let in, who is refused (403); all others find nothing
#: (404). 5.4, last row: administrators keep accounts, no business data; MLPS 8.1.5: three of them.
_EVERY = (ROLES, NOBODY)
_ADMINS = (_roles(SYSTEM, SECURITY), NOBODY)
DESK: Mapping[str, tuple[Roles, Roles]] = {
    "accounts_list": _ADMINS,
    "accounts_grants": _ADMINS,
    "accounts_create": (_roles(SYSTEM), _roles(SECURITY)),
    "accounts_move": (_roles(SYSTEM), _roles(SECURITY)),
    "accounts_grant": (_roles(SECURITY), _roles(SYSTEM)),
    "accounts_ungrant": (_roles(SECURITY), _roles(SYSTEM)),
    "acts_list": (CITY | {SYSTEM, SECURITY}, NOBODY),  # hard rule 5: who is one of two people
    "acts_ask": (NOBODY, NOBODY),  # probed, as the next two, with what is not there
    "acts_refuse": (NOBODY, NOBODY),
    "acts_decide": (NOBODY, NOBODY),
    "organisations_list": _EVERY,
    "organisations_create": (_roles(SYSTEM), ROLES - {SYSTEM}),
    "organisations_revise": (_roles(SYSTEM), ROLES - {SYSTEM}),
    "accounts_mail": (_roles(SYSTEM), _roles(SECURITY)),
    "audit_list": (_roles(AUDITOR), NOBODY),
    "audit_export": (_roles(AUDITOR), NOBODY),
    "audit_seals": (_roles(AUDITOR), NOBODY),
    "audit_check": (_roles(AUDITOR), NOBODY),
    "audit_seals_export": (_roles(AUDITOR), NOBODY),
    "me_read": _EVERY,
    "me_prefer": _EVERY,
    "me_password": _EVERY,
    "me_sessions": _EVERY,
    "me_session_end": (NOBODY, NOBODY),  # probed with somebody else's session: nobody's to end
    "my_mail": _EVERY,
    "my_mail_address": _EVERY,
    "my_mail_verify": _EVERY,
    "my_mail_wish": _EVERY,
    "notifications_list": (ROLES - {AUDITOR}, NOBODY),  # the auditor is told of no record
    "notifications_unread": (ROLES - {AUDITOR}, NOBODY),
    "notifications_read_all": (ROLES - {AUDITOR}, NOBODY),
    "notifications_mark": (NOBODY, NOBODY),  # probed with what somebody else was told
    "tasks_list": _EVERY,  # one's own, none of them somebody else's
    "tasks_read": (NOBODY, NOBODY),  # probed, as the next two, with somebody else's task
    "tasks_cancel": (NOBODY, NOBODY),
    "tasks_file": (NOBODY, NOBODY),
    "views_list": (CITY | {P, E, X}, NOBODY),  # probed with the needs
    "views_create": (CITY | {P, E, X}, NOBODY),
    "views_default": (NOBODY, NOBODY),  # probed, as the next two, with what somebody else keeps
    "views_revise": (NOBODY, NOBODY),
    "views_delete": (NOBODY, NOBODY),
    "auth_hat": (NOBODY, NOBODY),  # probed with somebody else's hat: nobody's to wear
    "auth_sign_out": _EVERY,
    "auth_step_up": _EVERY,
    "me_second_factor": _EVERY,
    "me_second_factor_begin": _EVERY,
    "me_second_factor_confirm": _EVERY,
    "me_second_factor_end": (NOBODY, NOBODY),  # probed, as the next, where none is in use
    "me_recovery_codes": (NOBODY, NOBODY),
    "me_identities": _EVERY,
    "me_identity_link": (NOBODY, NOBODY),  # probed where no identity provider is set up
    "me_identity_unlink": (NOBODY, NOBODY),
    "accounts_second_factor_reset": (_roles(SECURITY), _roles(SYSTEM)),
    "registers_list": _EVERY,
    "registers_read": (NOBODY, NOBODY),  # per register: :data:`SEES`
    "codes_list": _EVERY,
    "effective_conflict_rules": (CITY | {P}, NOBODY),
    "matching_evaluation": (CITY, _roles(E, X)),  # how candidates were judged stays with the staff
    "match_batches_create": (_roles(S, C, L), _roles(K, P, E, X)),
    "match_batches_read": (NOBODY, NOBODY),  # probed with somebody else's task
    "search": _EVERY,
    "calendar_workdays": _EVERY,
    "dashboard": (_roles(S, K, C, L, P), NOBODY),
    "quick_entry_read": (_roles(S, K, C), _roles(L, E)),  # who writes the log; who only reads it
    "undo_list": (ROLES - {AUDITOR, SYSTEM, SECURITY}, NOBODY),
    "undo_batch": (NOBODY, NOBODY),  # probed with an act nobody made
    "my_draws": (_roles(X), ROLES - {X}),
    "my_draw_proof": (NOBODY, ROLES - {X}),  # probed with a draw whose pool one is not in
}

#: What needs no sign-in: health, the doors themselves, and what is published (visitor, 5.4).
OPEN = frozenset(
    {
        "healthz",
        "readyz",
        "auth_token",
        "auth_sign_in",
        "auth_refresh",
        "auth_setup",
        "auth_ways",
        "auth_oidc_start",  # the way to the identity provider, and back
        "auth_oidc_callback",
        "auth_oidc_logout",  # a signed token is the key
        "public_list",
        "public_invitation_read",  # the link is the key
        "public_invitation_answer",
        "public_invitation_submit",
        "public_invitation_draft",
        "public_trail_head",  # whoever keeps a head holds the platform to it
        "public_trail_verifier",
        "public_draws",  # visitor: result notice
        "public_draw",
        "public_draw_bundle",
        "public_draw_verifier",
        "public_panels",  # visitor: result notice
        "public_panel",
    }
)

#: Planted values and who may read them in plain: personal data by 5.4 and issue 2 section 3
#: ("plain / masked / hidden per role"): staff ask for them record by record, with a reason, and
#: are otherwise shown masks; what an expert or an enterprise is not told about others.
SECRETS: Mapping[str, Roles] = {
    "13900001111": _roles(E),  # whom to call at the enterprise
    "13900002222": _roles(E),  # whom to call about the need
    "13900003333": _roles(X),  # the expert's own number
    "kanali@example.cn": _roles(X),
    "回避的甲厂": _roles(C, L, X),  # what an expert declares
    "操守记事": _roles(C, L),  # what the centre notes about conduct
    "隐名科技": ROLES - {X},  # an expert is shown the problem, not who has it
    "联系人甲某": ROLES - {X},
    "评语只给评的人": CITY,  # how a candidate was judged
    "下一步的打算": CITY,  # what the house plans next
    "只有作者看的评语": NOBODY,  # under seal; its author is none of the actors
    "评审组的内部备注": _roles(C, L),
    "内部评论只给工作人员": CITY | {P},  # what staff say among themselves about a record
    "申请人不要的某专家": _roles(S, C, L),  # whom the applicant asks not to have
}
