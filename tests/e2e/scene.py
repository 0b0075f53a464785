"""One record of everything the page can show, made through the API before anybody looks."""

import time
from io import BytesIO
from typing import Any

from PIL import Image

from app.ledgers.enterprises import credit_code
from tests.core.test_previews import a_pdf
from tests.e2e.story import BLIND, DESCRIPTION, RESULT, TITLE, VISIT
from tests.e2e.world import CONSENT, Record, World, if_match, speaks_for

DOUBLES = ("样例云桥轴承有限公司", "样例云桥轴承有限责任公司")
NOTICE = {"title": "减速器攻关项目论证结果", "text": "经专家组论证，建议修改后立项实施。"}
CRITERIA = [{"name": "技术路线", "max_points": "40"}, {"name": "可行性", "max_points": "60"}]
SHEET = {
    "scores": [{"criterion": "c1", "points": "30"}, {"criterion": "c2", "points": "50"}],
    "opinion": "approve",
    "comment": "论证充分",
}
REVIEWERS = ("郑一论", "钱二衡", "孙三评")
SOON = 30  # seconds for what the house does by itself


def everything(world: World) -> dict[str, str]:
    """Return ids by what they are of: registers, and what some pages need besides."""
    made = _ledgers(world)
    ids = {name: record["id"] for name, record in made.items()}
    ids["published"] = _listed_achievement(world)
    experts = _reviewers(world)
    ids["draws"] = _frozen_draw(world, made["projects"])
    ids["panels"] = _announced_panel(world, made["projects"], experts)
    ids["token"] = _token(world, made["needs"])
    ids["batch"] = _batch(world, made["waiting"])
    ids |= dict(zip("ab", _doubles(world), strict=True))
    _told(world, made["needs"])
    _attached(world, made["needs"])
    return ids


def _ledgers(world: World) -> dict[str, Record]:
    """Make one record in every register, a need with an invited expert among them."""
    clerk, firm = world["clerk"], world["firm"]
    enterprise, expert = world.records["firm"], world.records["expert"]
    need = _published_need(world, TITLE)
    match = clerk.made("/matches", {"need_id": need["id"], "candidate_id": expert["id"]})
    clerk.moved("matches", match, "choose")
    clerk.moved("matches", match, "invite")
    about = {"enterprise_ids": [enterprise["id"]], "need_id": need["id"]}
    qualification = {
        "enterprise_id": enterprise["id"],
        "kind": "high_tech_enterprise",
        "certificate_no": "GR202499347041",
        "valid_from": "2024-11-01",
        "valid_to": "2027-10-31",
        "rule_version": "国科发火〔2016〕32号",
    }
    project = {
        "title": "行星减速器修形技术攻关",
        "summary": DESCRIPTION,
        "undertakers": [{"name": enterprise["name"], "role": "lead"}],
    }
    achievement = {
        "title": "低噪声行星减速器",
        "owner_name": enterprise["name"],
        "kind": "product",
        "summary": RESULT,
        "ip_refs": [{"kind": "invention", "number": "ZL202510000001.1"}],
    }
    waiting = firm.made("/needs", {"title": "主轴热误差的补偿", "description": DESCRIPTION})
    firm.moved("needs", waiting, "submit")
    clerk.moved("needs", waiting, "accept")
    return {
        "enterprises": enterprise,
        "experts": expert,
        "needs": need,
        "waiting": waiting,
        "matches": match,
        "service-log": clerk.made("/service-log", VISIT | about),
        "qualifications": clerk.made("/qualifications", qualification),
        "projects": clerk.made("/projects", project),
        "achievements": clerk.made("/achievements", achievement),
    }


def _published_need(world: World, title: str) -> Record:
    clerk, firm = world["clerk"], world["firm"]
    need = firm.made("/needs", {"title": title, "description": DESCRIPTION, "budget": "30"})
    firm.moved("needs", need, "submit")
    clerk.moved("needs", need, "accept")
    return clerk.moved("needs", need, "publish", **BLIND)


def _listed_achievement(world: World) -> str:
    """List a result, so that everybody reads of it."""
    told = {
        "title": "低噪声行星减速器样机",
        "owner_name": world.records["firm"]["name"],
        "kind": "product",
        "summary": RESULT,
        "hightech_field": "08",
        "trl": 7,
        "transfer_modes": ["licence"],
    }
    made = world["clerk"].made("/achievements", told)
    world["clerk"].moved("achievements", made, "register")
    return str(world["clerk"].moved("achievements", made, "list")["id"])


def _doubles(world: World) -> list[str]:
    """Enter one firm twice, as happens."""
    return [
        world["clerk"].made(
            "/enterprises",
            {
                "name": name,
                "uscc": credit_code.make("990104", f"MD{n:06d}"),
                "contact_phone": "13900007777",
            },
        )["id"]
        for n, name in enumerate(DOUBLES)
    ]


def _reviewers(world: World) -> list[Record]:
    """Admit experts who have an account each."""
    found = []
    for n, name in enumerate(REVIEWERS):
        told = {"name": name, "organisation": f"样例{name}大学", "hightech_fields": ["08"]}
        expert = world["centre"].made("/experts", told | CONSENT)
        world["centre"].moved("experts", expert, "verify")
        found.append(world["leader"].moved("experts", expert, "admit"))
        speaks_for(world, f"reviewer-{n}", expert)
    return found


def _frozen_draw(world: World, project: Record) -> str:
    """Freeze a pool: from then on everybody may look at the draw."""
    told = {"title": "攻关项目论证专家抽取", "project_id": project["id"], "size": 3}
    draw = world["clerk"].made("/draws", told | {"alternates": 0})
    return str(world["centre"].moved("draws", draw, "freeze")["id"])


def _announced_panel(world: World, project: Record, experts: list[Record]) -> str:
    """Have three experts judge a project, up to the notice everybody reads."""
    centre, leader = world["centre"], world["leader"]
    panel = centre.made(
        "/panels",
        {
            "title": "行星减速器项目论证",
            "project_id": project["id"],
            "experts": [one["id"] for one in experts],
            "size": len(experts),
            "criteria": CRITERIA,
        },
    )
    centre.moved("panels", panel, "invite")
    _each(world, "accept")
    _until_confirmed(world, panel)
    centre.moved("panels", panel, "begin")
    _each(world, "declare", pledge=True, no_conflict=True)
    _each(world, "submit", **SHEET)
    centre.moved("panels", panel, "lock")
    leader.moved("panels", panel, "open")
    read = centre.get(f"/panels/{panel['id']}").json()
    draft = {"conclusion_draft": "approve_with_changes", "opinion_draft": "修改后实施。"}
    url = f"/panels/{panel['id']}"
    assert centre.ask("PATCH", url, json=draft, headers=if_match(read)).is_success
    leader.moved("panels", panel, "publish")
    leader.moved("panels", panel, "announce", **NOTICE)
    return str(panel["id"])


def _each(world: World, move: str, **form: Any) -> None:
    """Have every reviewer take a step with an own sheet."""
    for n in range(len(REVIEWERS)):
        reviewer = world[f"reviewer-{n}"]
        (own,) = reviewer.get("/reviews").json()["items"]
        reviewer.moved("reviews", own, move, **form)


def _until_confirmed(world: World, panel: Record) -> None:
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        if world["centre"].get(f"/panels/{panel['id']}").json()["state"] == "confirmed":
            return
        time.sleep(0.1)
    raise AssertionError("the panel is not confirmed")


def _token(world: World, need: Record) -> str:
    """Make a link to answer an invitation by, of another need than the one shown."""
    other = _published_need(world, "减速器噪声的测量")
    assert other["id"] != need["id"]
    given = {"need_id": other["id"], "candidate_id": world.records["other-expert"]["id"]}
    match = world["clerk"].made("/matches", given)
    world["clerk"].moved("matches", match, "choose")
    world["clerk"].moved("matches", match, "invite")
    made = world["clerk"].made(f"/matches/{match['id']}/invitation", {})
    return str(made["invitation_url"]).rpartition("/invite/")[2]


def _told(world: World, need: Record) -> None:
    """Write a comment, so that there is something to read."""
    world["clerk"].made(f"/needs/{need['id']}/comments", {"text": "请看一下修形的参数。"})


def _attached(world: World, need: Record) -> None:
    """Attach a picture and a paper."""
    picture = BytesIO()
    Image.new("RGB", (320, 200), "teal").save(picture, "PNG")
    for name, kind, data in (
        ("现场.png", "image/png", picture.getvalue()),
        ("图纸.pdf", "application/pdf", a_pdf(2)),
    ):
        paper = {"file": (name, data, kind)}
        answer = world["clerk"].post(f"/needs/{need['id']}/attachments", files=paper)
        assert answer.is_success, answer.text


def _batch(world: World, need: Record) -> str:
    """Return the task that looked for candidates of a need, once it has."""
    asked = {"ids": [need["id"]], "kinds": ["experts"]}
    task: Record = world["clerk"].ask("POST", "/needs/matches", json=asked).json()
    until = time.monotonic() + SOON
    while task["state"] in ("queued", "running") and time.monotonic() < until:
        time.sleep(0.2)
        task = world["clerk"].ask("GET", f"/tasks/{task['id']}").json()
    return str(task["id"])
