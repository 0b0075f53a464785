"""The demo's experts: whom the city's library holds, what they wrote, what stands in their way."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from app.access.actor import Actor
from app.demo import names
from app.demo.organisations import partners
from app.demo.pen import Draft, Step
from app.demo.scene import OPENED_DAYS_AGO, Scene, Scholar
from app.demo.texts import Text, library
from app.demo.trades import SHARES
from app.ledgers.enterprises.credit_code import FICTITIOUS_REGION, make
from app.libraries.experts import identity_number
from app.registers import directory

COUNT = 38  # a park and round: some 150 in all
#: How far they have come. The first two are active: one of them has the account people try.
_STATES = (("active",) * 30 + ("paused", "paused", "verified", "applied", "invited", "invited")) + (
    "retired",
    "barred",
)
_MOVES: dict[str, tuple[str, ...]] = {
    "invited": (),
    "applied": ("apply",),
    "verified": ("apply", "verify"),
    "active": ("verify", "admit"),
    "paused": ("verify", "admit", "pause"),
    "retired": ("verify", "admit", "retire"),
    "barred": ("verify", "admit", "bar"),
}
_REASONS = {
    "pause": "出国访问半年,暂不接受邀请",
    "retire": "本人提出不再参加对接服务",
    "bar": "两次无故缺席已约定的现场服务",
}
_TITLES = {
    "教授": 30,
    "副教授": 30,
    "研究员": 14,
    "副研究员": 10,
    "正高级工程师": 8,
    "高级工程师": 8,
}
#: Every n-th, counted from: worked for an enterprise, has shares in one, a relative, a quarrel;
#: would be kept in the library but not matched.
_FORMER, _SHAREHOLDERS, _RELATED, _AVOIDING, _UNASKED = (11, 5), (9, 2), (13, 3), (12, 4), (15, 7)
#: Some are experts of money, of law, of management; half the institutions lie in the other city.
_EXPERTISE: tuple[tuple[list[str], str | None], ...] = (
    *((["technical"], None),) * 4,
    (["finance"], "正高级会计师"),
    *((["technical"], None),) * 2,
    (["technical", "management"], None),
    (["law"], "一级律师"),
)
_PLACES = ("990100", "990200")
_DAYS = 10_000
_STRIDE = 7919  # prime: serial numbers are spread over the days, no two alike


async def enter(scene: Scene) -> None:
    """Enter the experts and take them through the library's gates."""
    register = directory.named("experts")
    first = scene.owners[0].row.hightech_field  # whom the first enterprise's needs will find
    lent = [_papers(scene, None if place else first) for place in range(COUNT)]
    keepers = [_keeper(scene, place) for place in range(COUNT)]
    states = dict(zip(range(COUNT), _STATES, strict=True))
    drafts = [
        Draft(
            keepers[place],
            scene.ago(OPENED_DAYS_AGO - 3 - place),
            _expert(scene, papers, place)
            | (_conflicts(scene, place) if keepers[place] is scene.park.centre else {})
            | (_consent(scene, keepers[place], place) if states[place] != "invited" else {}),
        )
        for place, papers in enumerate(lent)
    ]
    rows = await scene.pen.create(register, drafts)
    for wave in range(3):
        steps = [
            _step(scene, row, keepers[place], _MOVES[states[place]][wave])
            for place, row in enumerate(rows)
            if wave < len(_MOVES[states[place]])
        ]
        await scene.pen.move(register, steps)
    await _accounts(scene, rows, lent, keepers)


def _keeper(scene: Scene, place: int) -> Actor:
    """The province keeps a few experts of its own; the first cohort brings them."""
    own = scene.place == 0 and COUNT - 14 <= place < COUNT - 10
    return scene.park.province if own else scene.park.centre


def _step(scene: Scene, row: Any, keeper: Actor, move: str) -> Step:
    heads = move in ("admit", "bar") and keeper is scene.park.centre
    actor = scene.park.leader if heads else keeper
    gap = (40, 200) if move in _REASONS else (2, 12)
    form: dict[str, Any] = {"reason": _REASONS[move]} if move in _REASONS else {}
    at = scene.after(row.updated_at, *gap)
    if move == "bar":
        form["barred_until"] = (at.date() + timedelta(days=730)).isoformat()
    return Step(actor, at, row, move, form)


def _papers(scene: Scene, field: str | None) -> list[Text]:
    """Lend two to four papers of one discipline."""
    field = field or scene.dice.weighed(SHARES)
    discipline = scene.dice.choice(library().papers[field]).discipline
    of = library().disciplines[discipline]
    papers = [scene.deck.deal(discipline, of) for _ in range(scene.dice.randint(2, 4))]
    return list({paper.title: paper for paper in papers}.values())


def _expert(scene: Scene, papers: Sequence[Text], place: int) -> dict[str, Any]:
    dice = scene.dice
    field = papers[0].field
    institution, fields = dice.choice([i for i in names.INSTITUTIONS if field in i[1]])
    code = institution_code(institution)
    begun = scene.today - timedelta(days=dice.randint(1500, 9000))
    second = [f for f in fields if f != field]
    keywords = list(dict.fromkeys(k for paper in papers for k in paper.keywords))[:12]
    expertise, own_title = _EXPERTISE[place % len(_EXPERTISE)]
    usual = dice.weighed(_TITLES)  # thrown for everybody, so that the dice stay in step
    title = own_title or usual
    return {
        "name": names.person(dice),
        "title": title,
        "degree": dice.weighed({"doctor": 70, "master": 22, "bachelor": 8}),
        "gender": dice.choice(("female", "male")),
        "organisation": institution,
        "organisation_uscc": code,
        "division_code": _PLACES[_number(institution) % len(_PLACES)],
        "expertise": expertise,
        "hightech_fields": [field, dice.choice(second)]
        if second and dice.happens(0.35)
        else [field],
        "keywords": keywords,
        "documents": [
            {
                "title": paper.title,
                "abstract": paper.abstract,
                "year": scene.today.year - dice.randint(1, 9),
                "keywords": list(paper.keywords),
            }
            for paper in papers
        ],
        "languages": ["中文", "英文"] if dice.happens(0.6) else ["中文"],
        "employments": [
            {
                "organisation": institution,
                "uscc": code,
                "begun_on": begun.isoformat(),
                "office": f"{names.DEPARTMENTS[field]}{title}",
            },
            *_former(scene, begun, place),
        ],
        "max_load": dice.choice((None, 4, 6, 8, 10)),
    }


def _number(institution: str) -> int:
    return [name for name, _ in names.INSTITUTIONS].index(institution) + 1


def institution_code(institution: str) -> str:
    """Return the credit code of an invented institution."""
    number = _number(institution)
    return make(FICTITIOUS_REGION, f"{number:08d}", department="1", category="2")


def _falls_on(place: int, every: tuple[int, int]) -> bool:
    return place % every[0] == every[1]


def _former(scene: Scene, until: date, place: int) -> list[dict[str, Any]]:
    """A few once worked for an enterprise that will have a need, not long ago."""
    if not _falls_on(place, _FORMER):
        return []
    firm = scene.dice.choice(scene.owners).row
    left = scene.today - timedelta(days=scene.dice.randint(100, 900))
    return [
        {
            "organisation": firm.name,
            "uscc": firm.uscc,
            "begun_on": min(until, left - timedelta(days=700)).isoformat(),
            "ended_on": left.isoformat(),
            "office": "技术顾问",
        }
    ]


def _conflicts(scene: Scene, place: int) -> dict[str, Any]:
    """A few hold shares, have relatives at an enterprise, or wish to avoid one."""
    firm = scene.dice.choice(scene.owners).row
    party = {"organisation": firm.name, "uscc": firm.uscc}
    if _falls_on(place, _SHAREHOLDERS):
        return {"shareholdings": [party | {"share": "3.5", "office": "监事"}]}
    if _falls_on(place, _RELATED):
        return {"relations": [party | {"kind": "sibling", "office": "部门经理"}]}
    if _falls_on(place, _AVOIDING):
        return {"avoid_organisations": [party | {"reason": "曾有合作纠纷"}]}
    return {}


def _consent(scene: Scene, keeper: Actor, place: int) -> dict[str, Any]:
    """Personal values are the centre's to keep; the province sees none."""
    dice, number = scene.dice, next(scene.serial)
    born = date(1958, 1, 1) + timedelta(days=(number * _STRIDE) % _DAYS)
    scope = ["library"] if _falls_on(place, _UNASKED) else ["library", "match"]
    consent = {
        "consent_given_on": scene.ago(OPENED_DAYS_AGO).date(),
        "consent_scope": [*scope, "publish"] if dice.happens(0.4) else scope,
    }
    if keeper is not scene.park.centre:
        return consent
    return consent | {
        "phone": names.phone(5_000_000 + number),
        "email": f"expert{number}@example.org",
        "id_number": identity_number.make(FICTITIOUS_REGION, born, number // _DAYS + 1)
        if dice.happens(0.8)
        else None,
    }


async def _accounts(
    scene: Scene, rows: Sequence[Any], lent: Sequence[list[Text]], keepers: Sequence[Actor]
) -> None:
    """Give those in the city's library accounts: they are asked, and answer."""
    shown = [
        place
        for place, row in enumerate(rows)
        if row.state in ("active", "paused") and keepers[place] is scene.park.centre
    ]
    parties = [
        (_username(scene, order), rows[place].name, "experts", rows[place].id)
        for order, place in enumerate(shown)
    ]
    accounts, hats, actors = partners(parties, scene.park.city, scene.founded.password_hash)
    for many in (accounts, hats):
        scene.pen.session.add_all(many)
        await scene.pen.session.flush()
    scene.scholars = [
        Scholar(rows[place], lent[place], actor) for place, actor in zip(shown, actors, strict=True)
    ]


def _username(scene: Scene, order: int) -> str:
    return f"expert-{scene.park.code}-{(scene.place // 4) * COUNT + order + 1}"
