"""The demo's enterprises: their records, accounts, figures of some years, qualifications."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.audit.work import Work
from app.demo import names
from app.demo.organisations import partners
from app.demo.pen import Draft, Step
from app.demo.scene import OPENED_DAYS_AGO, Firm, Scene
from app.demo.trades import SHARES, TRADES, Trade
from app.ledgers.enterprises.credit_code import FICTITIOUS_REGION, make
from app.ledgers.enterprises.figures import Figure
from app.ledgers.enterprises.models import SourceKind
from app.ledgers.enterprises.service import record_figures
from app.registers import directory
from app.registers.register import Placement

COUNT = 75  # a park and round: 300 in four parks
_REPORTING = 10  # enterprises that also report figures themselves
_BIG = 2000  # 万元


async def enter(scene: Scene) -> None:
    """Enter the enterprises, as a station does from its workbook on the first days."""
    register = directory.named("enterprises")
    opened = scene.ago(OPENED_DAYS_AGO)
    trades = [_trade(scene) for _ in range(COUNT)]
    drafts = [
        Draft(
            scene.park.station,
            opened + timedelta(minutes=2 * place),
            _enterprise(scene, field, trade, opened),
        )
        for place, (field, trade) in enumerate(trades)
    ]
    years = (opened.year - 2, opened.year - 1)
    rows = await scene.pen.create(register, drafts, lambda many: _first_figures(scene, many, years))
    parties = [
        (_username(scene, place), row.contact_name, "enterprises", row.id)
        for place, row in enumerate(rows)
    ]
    accounts, hats, actors = partners(parties, scene.park.organisation, scene.founded.password_hash)
    scene.pen.session.add_all(accounts)
    await scene.pen.session.flush()
    scene.pen.session.add_all(hats)
    await scene.pen.session.flush()
    scene.firms = [
        Firm(row, trade, actor) for row, (_, trade), actor in zip(rows, trades, actors, strict=True)
    ]
    await _qualify(scene)
    await _a_year_later(scene, opened)
    await _leave(scene)


def _username(scene: Scene, place: int) -> str:
    return f"enterprise-{scene.park.code}-{(scene.place // 4) * COUNT + place + 1}"


def _trade(scene: Scene) -> tuple[str, Trade]:
    field = scene.dice.weighed(SHARES)
    return field, scene.dice.choice(TRADES[field])


def _enterprise(scene: Scene, field: str, trade: Trade, opened: datetime) -> dict[str, Any]:
    dice, number = scene.dice, next(scene.serial)
    entered = opened.date() - timedelta(days=dice.randint(30, 4500))
    established = entered - timedelta(days=dice.choice((0, 0, dice.randint(30, 3000))))
    hnte = dice.happens(0.35)
    capital = round(dice.lognormvariate(6.8, 1.0), -1)
    return {
        "name": names.enterprise(dice, scene.park.city_word, trade.word),
        "uscc": make(FICTITIOUS_REGION, f"MA{number:06d}"),
        "former_names": [names.enterprise(dice, scene.park.city_word, trade.word)]
        if dice.happens(0.07)
        else [],
        "established_on": established,
        "entered_on": entered,
        "registered_capital": Decimal(str(max(50, min(capital, 80_000)))),
        "industry_code": trade.code,
        "hightech_field": field,
        "main_products": trade.products,
        "chain_positions": [trade.chain],
        "legal_representative": names.person(dice),
        "contact_name": names.person(dice),
        "contact_phone": names.phone(number),
        "address": f"样例省{scene.park.organisation.name.removeprefix('样例')}"
        f"样例{dice.randint(1, 12)}路{dice.randint(1, 199)}号",
        "tier": dice.weighed(
            {None: 68, "innovative": 18, "specialised": 9, "little_giant": 4, "champion": 1}
        ),
        "hnte_certificate_no": _certificate(opened.year - dice.randint(0, 2), number)
        if hnte
        else None,
        "backbone": dice.happens(0.12),
        "leading": dice.happens(0.05),
        "ipo_reserve": dice.happens(0.04),
        "remark": "演示数据,纯属虚构。",
    }


def _certificate(year: int, number: int) -> str:
    """Return a number in the shape of a certificate's, of province 99, which no certificate has."""
    return f"GR{year}99{number:06d}"


async def _first_figures(
    scene: Scene, many: Sequence[tuple[Work, Any]], years: tuple[int, int]
) -> None:
    recorded = [
        (
            row,
            [f for y in years for f in _figures(scene, row, y, SourceKind.statistics, full=False)],
        )
        for _, row in many
    ]
    await record_figures(many[0][0], recorded)


def _figures(scene: Scene, row: Any, year: int, source: SourceKind, *, full: bool) -> list[Figure]:
    """Return one year's figures, in keep with those of the year before."""
    dice = scene.dice
    staff = row.employees or int(min(max(dice.lognormvariate(3.9, 1.0), 5), 1800))
    staff = max(5, round(staff * dice.uniform(0.94, 1.15)))
    sales = float(row.sales or staff * dice.uniform(35, 130)) * dice.uniform(0.92, 1.22)
    values: dict[str, float] = {
        "employees": staff,
        "tech_staff": int(staff * dice.uniform(0.08, 0.45)),
        "sales": sales,
        "rd_expense": sales * dice.uniform(0.025, 0.12),
        "total_assets": sales * dice.uniform(0.7, 1.9),
    }
    if full:
        values["total_income"] = sales * dice.uniform(1.0, 1.05)
        values["hightech_income"] = sales * dice.uniform(0.3, 0.95)
        values["profit"] = sales * dice.uniform(-0.06, 0.18)
        values["tax"] = sales * dice.uniform(0.01, 0.07)
    places = 0 if sales > _BIG else 2
    return [
        Figure(
            name,
            str(year),
            Decimal(
                int(value) if name in ("employees", "tech_staff") else str(round(value, places))
            ),
            source,
            observed_at=date(year, 12, 31),
        )
        for name, value in values.items()
    ]


async def _a_year_later(scene: Scene, opened: datetime) -> None:
    """Record the figures of the year in which the ledgers began, once it was over."""
    at = scene.ago(200)
    if at.year <= opened.year:
        at = scene.until
    if at.year <= opened.year:
        return
    register = directory.named("enterprises")
    year = opened.year
    station = scene.pen.work(scene.park.station, at)

    async def counted(many: Sequence[tuple[Work, Any]]) -> None:
        figures = [
            (row, _figures(scene, row, year, SourceKind.statistics, full=True)) for _, row in many
        ]
        await record_figures(station, figures)

    await scene.pen.change(
        register, station, [firm.row for firm in scene.firms], "observe", counted
    )
    for firm in scene.dice.sample(scene.firms, _REPORTING):
        own = scene.pen.work(firm.actor, scene.after(at, 5, 60))

        async def reported(
            _: Sequence[tuple[Work, Any]], firm: Firm = firm, own: Work = own
        ) -> None:
            told = _figures(scene, firm.row, year, SourceKind.enterprise_report, full=False)
            await record_figures(own, [(firm.row, told)])

        await scene.pen.change(register, own, [firm.row], "observe", reported)


async def _qualify(scene: Scene) -> None:
    drafts = [draft for firm in scene.firms for draft in _qualifications(scene, firm)]
    await scene.pen.create(directory.named("qualifications"), drafts)


def _qualifications(scene: Scene, firm: Firm) -> list[Draft]:
    dice, row = scene.dice, firm.row
    found: list[tuple[str, str, int]] = []
    if row.hnte_certificate_no:
        found.append(("high_tech_enterprise", row.hnte_certificate_no, 3))
    if firm is scene.firms[0] or dice.happens(0.45):
        found.append(("tech_sme", f"{scene.today.year}990101{next(scene.serial):06d}", 1))
    titles = {"specialised": "specialised_sme", "little_giant": "little_giant"}
    if row.tier in titles:
        found.append((titles[row.tier], f"样例{next(scene.serial):06d}", 3))
    begun = scene.today - timedelta(days=dice.randint(30, 900))
    return [
        Draft(
            scene.park.station,
            row.created_at + timedelta(hours=5, minutes=dice.randint(0, 50)),
            {
                "enterprise_id": row.id,
                "kind": kind,
                "certificate_no": number,
                "issuer": "样例省高新技术企业认定管理机构" if years > 1 else "样例省科学技术厅",
                "valid_from": begun,
                "valid_to": begun + timedelta(days=365 * years),
                "rule_version": "国科发火〔2016〕32号" if kind == "high_tech_enterprise" else None,
            },
            Placement(row.region_id, row.node_id, row.id),
        )
        for kind, number, years in found
    ]


async def _leave(scene: Scene) -> None:
    """Let a few enterprises move away or close down; the first ones stay, they have accounts."""
    going = scene.dice.sample(scene.firms[10:], 5)
    steps = []
    for place, firm in enumerate(going):
        at = scene.ago(scene.dice.randint(10, 180))
        cancelled = place == 0
        form = {
            "exited_on": at.date().isoformat(),
            "reason": "已办理注销登记" if cancelled else "生产场地迁往园区外",
        }
        move = "cancel" if cancelled else "leave"
        steps.append(Step(scene.park.station, at, firm.row, move, form))
    await scene.pen.move(directory.named("enterprises"), steps)
