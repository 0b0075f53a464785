"""The matrix, second part: accounts, roles, organisations, the trail, oneself, the open doors."""

from collections.abc import Iterator
from urllib.parse import urlencode

from tests.access import oracle, rules
from tests.access.asgi import FORM, Question, written
from tests.access.probes import ABSENT, Operation, Probe
from tests.access.world import World

_CSRF = {"x_park_csrf": "1"}


def of_desk(world: World, operations: list[Operation]) -> Iterator[Probe]:
    """Yield the probes outside the registers; whoever is let in changes nothing by them."""
    asked = _questions(world)
    for operation in operations:
        if operation.id not in oracle.DESK or operation.id == "registers_read":
            continue
        question, absent, allowed = asked[operation.id]
        for who, _ in world.actors.values():
            verdict = rules.on_desk(who, operation.id)
            yield Probe(operation.id, who.role, "desk", question, verdict, allowed, absent)


def of_schemas(world: World) -> Iterator[Probe]:
    """Yield the reads of the registers' schemas: a register one sees nothing of is not there."""
    absent = Question("GET", "/api/v1/registers/no-such")
    for register in oracle.SEES:
        question = Question("GET", f"/api/v1/registers/{register}")
        for who, _ in world.actors.values():
            verdict: rules.Verdict = "allow" if who.role in oracle.SEES[register] else "hidden"
            yield Probe("registers_read", who.role, register, question, verdict, 200, absent)


def _questions(world: World) -> dict[str, tuple[Question, Question | None, int]]:
    """Return per operation: the request, the same for what is not there, the status of success."""
    spare, api = world.spare, "/api/v1"
    account = f"{api}/accounts/{spare['account']}"
    nobody = f"{api}/accounts/{ABSENT}"
    new = {"username": spare["username"], "name": "重名"}
    grant = {"role": "committee", "organisation_id": 2**31 - 1}
    unit = {"name": "无处安放", "kind": "station", "code": "nowhere", "parent_id": 2**31 - 1}
    renamed = {"name": spare["organisation_name"]}
    hats = f"/grants/{spare['hat']}"
    return {
        "accounts_list": (Question("GET", f"{api}/accounts"), None, 200),
        "accounts_create": (written("POST", f"{api}/accounts", new), None, 409),
        "accounts_move": (
            Question("POST", f"{account}/moves/enable"),
            Question("POST", f"{nobody}/moves/enable"),
            200,
        ),
        "accounts_grants": (
            Question("GET", f"{account}/grants"),
            Question("GET", f"{nobody}/grants"),
            200,
        ),
        "accounts_grant": (
            written("POST", f"{account}/grants", grant),
            written("POST", f"{nobody}/grants", grant),
            422,
        ),
        "accounts_ungrant": (
            Question("DELETE", account + hats),
            Question("DELETE", nobody + hats),
            204,
        ),
        "acts_list": (Question("GET", f"{api}/acts"), None, 200),
        "acts_ask": (
            written("POST", f"{api}/acts", {"kind": "no.such", "record_id": ABSENT}),
            None,
            404,
        ),
        "acts_refuse": (
            written("POST", f"{api}/acts/{ABSENT}/refuse", {"reason": "不同意"}),
            None,
            404,
        ),
        "acts_decide": (Question("POST", f"{api}/acts/{ABSENT}/confirm"), None, 404),
        "accounts_mail": (
            written("PUT", f"{account}/mail", {"address": "none"}),
            written("PUT", f"{nobody}/mail", {"address": "none"}),
            422,
        ),
        "organisations_list": (Question("GET", f"{api}/organisations"), None, 200),
        "organisations_create": (written("POST", f"{api}/organisations", unit), None, 422),
        "organisations_revise": (
            written("PUT", f"{api}/organisations/{spare['organisation']}", renamed),
            None,
            200,
        ),
        "audit_list": (Question("GET", f"{api}/audit", "limit=500"), None, 200),
        "audit_export": (Question("GET", f"{api}/audit/export.jsonl"), None, 200),
        "audit_seals": (Question("GET", f"{api}/audit/seals"), None, 200),
        "audit_check": (Question("GET", f"{api}/audit/seals/check"), None, 200),
        "audit_seals_export": (Question("GET", f"{api}/audit/seals/export.jsonl.gz"), None, 200),
        "me_read": (Question("GET", f"{api}/me"), None, 200),
        "me_prefer": (written("PUT", f"{api}/me/preferences", {"locale": "xx"}), None, 422),
        "me_password": (
            written("PUT", f"{api}/me/password", {"current": "no", "new": "no"}),
            None,
            422,
        ),
        "me_sessions": (Question("GET", f"{api}/me/sessions"), None, 200),
        "me_session_end": (
            Question("DELETE", f"{api}/me/sessions/{spare['session']}"),
            Question("DELETE", f"{api}/me/sessions/{ABSENT}"),
            204,
        ),
        **_of_letters_and_views(world),
        "auth_hat": (
            written("POST", f"{api}/auth/hat", {"hat_id": spare["hat"]}),
            written("POST", f"{api}/auth/hat", {"hat_id": ABSENT}),
            200,
        ),
        "auth_sign_out": (Question("DELETE", f"{api}/auth/session"), None, 204),
        "me_second_factor": (Question("GET", f"{api}/me/second-factor"), None, 200),
        "me_second_factor_begin": (written("POST", f"{api}/me/second-factor", {}), None, 200),
        "me_second_factor_confirm": (
            written("POST", f"{api}/me/second-factor/confirm", {}),
            None,
            422,
        ),
        "me_second_factor_end": (
            Question("DELETE", f"{api}/me/second-factor"),
            Question("DELETE", f"{api}/me/identities/{ABSENT}"),
            204,
        ),
        "me_recovery_codes": (
            written("POST", f"{api}/me/second-factor/recovery-codes", {}),
            Question("DELETE", f"{api}/me/identities/{ABSENT}"),
            200,
        ),
        "me_identities": (Question("GET", f"{api}/me/identities"), None, 200),
        "me_identity_link": (written("POST", f"{api}/me/identities", {}), None, 200),
        "me_identity_unlink": (
            Question("DELETE", f"{api}/me/identities/{spare['session']}"),
            Question("DELETE", f"{api}/me/identities/{ABSENT}"),
            204,
        ),
        "accounts_second_factor_reset": (
            Question("POST", f"{account}/second-factor/reset"),
            Question("POST", f"{nobody}/second-factor/reset"),
            204,
        ),
        "auth_step_up": (written("POST", f"{api}/auth/step-up", {}), None, 422),
        "registers_list": (Question("GET", f"{api}/registers"), None, 200),
        "codes_list": (Question("GET", f"{api}/codes/industry"), None, 200),
        "effective_conflict_rules": (
            Question("GET", f"{api}/conflict-rules/effective"),
            Question("GET", f"{api}/registers/no-such"),
            200,
        ),
        "matching_evaluation": (
            Question("GET", f"{api}/matching/evaluation"),
            Question("GET", f"{api}/registers/no-such"),
            200,
        ),
        "search": (Question("GET", f"{api}/search", urlencode({"q": "隐名科技"})), None, 200),
        "calendar_workdays": (
            Question("GET", f"{api}/calendar/workdays", "since=2026-01-01&until=2026-01-31"),
            None,
            200,
        ),
        "dashboard": (Question("GET", f"{api}/dashboard"), None, 200),
        "quick_entry_read": (
            written("POST", f"{api}/service-log/quick", {"text": "今天 上门 隐名科技"}),
            None,
            200,
        ),
        "undo_list": (Question("GET", f"{api}/undo"), None, 200),
        "undo_batch": (
            Question("POST", f"{api}/undo/{ABSENT}"),
            Question("POST", f"{api}/undo/{ABSENT}"),
            200,
        ),
        "my_draws": (Question("GET", f"{api}/draws/mine"), None, 200),
        "my_draw_proof": (
            Question("GET", f"{api}/draws/{world.places['draws']['foreign'].id}/my-proof"),
            Question("GET", f"{api}/draws/{ABSENT}/my-proof"),
            200,
        ),
    }


def _of_letters_and_views(world: World) -> dict[str, tuple[Question, Question | None, int]]:
    spare, api = world.spare, "/api/v1"
    view, none = f"{api}/views/{spare['view']}", f"{api}/views/{ABSENT}"
    bad = {"title": "x", "query": {"no_such": ["1"]}}
    mine = {"register": "needs", "view_id": spare["view"]}
    notices, mail = f"{api}/notifications", f"{api}/me/mail"
    task, no_task = f"{api}/tasks/{spare['task']}", f"{api}/tasks/{ABSENT}"
    told = f"{notices}/{spare['notice']}"
    return {
        "tasks_list": (Question("GET", f"{api}/tasks"), None, 200),
        "tasks_read": (Question("GET", task), Question("GET", no_task), 200),
        "tasks_cancel": (
            Question("POST", f"{task}/cancel"),
            Question("POST", f"{no_task}/cancel"),
            200,
        ),
        "match_batches_create": (
            written("POST", f"{api}/needs/matches", {"ids": [ABSENT]}),
            Question("GET", f"{api}/registers/no-such"),
            422,
        ),
        "match_batches_read": (
            Question("GET", f"{api}/matching/batches/{spare['task']}"),
            Question("GET", f"{api}/matching/batches/{ABSENT}"),
            200,
        ),
        "tasks_file": (Question("GET", f"{task}/file"), Question("GET", f"{no_task}/file"), 200),
        "my_mail": (Question("GET", mail), None, 200),
        "my_mail_address": (written("PUT", f"{mail}/address", {"address": "none"}), None, 422),
        "my_mail_verify": (written("POST", f"{mail}/verify", {"code": "000000"}), None, 422),
        "my_mail_wish": (written("PUT", mail, {"wish": "daily"}), None, 422),
        "notifications_list": (Question("GET", notices), None, 200),
        "notifications_unread": (Question("GET", f"{notices}/unread"), None, 200),
        "notifications_read_all": (Question("POST", f"{notices}/read"), None, 204),
        "notifications_mark": (
            written("PUT", told, {"read": True}),
            written("PUT", f"{notices}/{ABSENT}", {"read": True}),
            200,
        ),
        "views_list": (
            Question("GET", f"{api}/views", "register=needs"),
            Question("GET", f"{api}/views", "register=no-such"),
            200,
        ),
        "views_create": (
            written("POST", f"{api}/views", bad | {"register": "needs"}),
            written("POST", f"{api}/views", bad | {"register": "no-such"}),
            422,
        ),
        "views_default": (
            written("PUT", f"{api}/views/default", mine),
            None,
            204,
        ),
        "views_revise": (written("PUT", view, bad), written("PUT", none, bad), 422),
        "views_delete": (Question("DELETE", view), Question("DELETE", none), 204),
    }


def of_doors() -> Iterator[Probe]:
    """Yield what needs no sign-in, and what a wrong key gets there."""
    wrong = {"username": "nobody", "password": "Wrong-password-1"}
    form = Question(
        "POST", "/api/v1/auth/token", "", urlencode(wrong).encode(), (("content-type", FORM),)
    )
    key = {"token": "x" * 32, "password": "Wrong-password-1"}
    no_link = f"/api/v1/public/invitations/{'x' * 43}"
    doors: dict[str, tuple[Question, int]] = {
        "healthz": (Question("GET", "/healthz"), 200),
        "readyz": (Question("GET", "/readyz"), 200),
        "auth_token": (form, 401),
        "auth_sign_in": (written("POST", "/api/v1/auth/session", wrong, **_CSRF), 401),
        "auth_refresh": (written("POST", "/api/v1/auth/session/refresh", {}, **_CSRF), 401),
        "auth_setup": (written("POST", "/api/v1/auth/setup", key), 400),
        "auth_ways": (Question("GET", "/api/v1/auth/ways"), 200),
        "auth_oidc_start": (Question("GET", "/api/v1/auth/oidc/start"), 404),
        "auth_oidc_callback": (Question("GET", "/api/v1/auth/oidc/callback"), 404),
        "auth_oidc_logout": (
            Question(
                "POST",
                "/api/v1/auth/oidc/logout",
                "",
                urlencode({"logout_token": "x"}).encode(),
                (("content-type", FORM),),
            ),
            404,
        ),
        "public_list": (Question("GET", "/api/v1/public/needs"), 200),
        "public_invitation_read": (Question("GET", no_link), 404),
        "public_invitation_answer": (written("POST", f"{no_link}/accept", {}), 404),
        "public_invitation_submit": (written("POST", f"{no_link}/scores", {}), 404),
        "public_invitation_draft": (written("PUT", f"{no_link}/scores", {}), 404),
        "public_trail_head": (Question("GET", "/api/v1/public/trail/head"), 404),
        "public_trail_verifier": (Question("GET", "/api/v1/public/trail/verify_trail.py"), 200),
        "public_draws": (Question("GET", "/api/v1/public/draws"), 200),
        "public_draw": (Question("GET", f"/api/v1/public/draws/{ABSENT}"), 404),
        "public_draw_bundle": (Question("GET", f"/api/v1/public/draws/{ABSENT}/bundle.json"), 404),
        "public_panels": (Question("GET", "/api/v1/public/panels"), 200),
        "public_panel": (Question("GET", f"/api/v1/public/panels/{ABSENT}"), 404),
        "public_draw_verifier": (Question("GET", "/api/v1/public/draws/verify_draw.py"), 200),
    }
    for operation, (question, status) in doors.items():
        yield Probe(operation, None, "open", question, "allow", status)
