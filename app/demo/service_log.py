"""The demo's service log: a year of a station's days, and what the enterprises said to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.access.actor import Actor
from app.core.ids import new_id
from app.demo import names
from app.demo.pen import Ready, Step
from app.demo.scene import Firm, Scene
from app.ledgers.service_log.models import Channel, ServiceKind, ServiceLogBody, ServiceLogEntry
from app.ledgers.service_log.service import put_on_hat
from app.registers import directory

COUNT = 380  # a park and round, besides those that other acts write: some 2,000 in all
_YEAR = 365
_AT_ONCE, _CONFIRMED, _DISPUTED, _VOID = 0.2, 0.52, 0.54, 0.55  # shares, added up
_RECENT = 14  # days in which an enterprise has hardly had time to answer


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of service: how often, by which channels, for how many, in which words."""

    weight: float
    channels: tuple[Channel, ...]
    titles: tuple[str, ...]
    contents: tuple[str, ...]
    results: tuple[str, ...]
    most: int = 1


_AT = (Channel.door_to_door, Channel.door_to_door, Channel.phone, Channel.at_station)
SORTS: Mapping[ServiceKind, Sort] = {
    ServiceKind.visit: Sort(
        34,
        (Channel.door_to_door,),
        ("走访{firm}", "到{firm}了解研发进展", "{firm}季度走访"),
        (
            "察看{chain}生产现场,了解近期订单、用工和研发投入情况。",
            "与技术负责人座谈,收集在{chain}方面的技术难题。",
            "核对台账信息,了解{products}的新产品计划。",
        ),
        ("收集技术需求一条", "企业情况正常,更新联系人", "约定下月邀请专家到场"),
    ),
    ServiceKind.policy_promotion: Sort(
        14,
        (Channel.on_wall, Channel.online, Channel.event),
        ("宣讲科技型中小企业评价政策", "宣讲研发费用加计扣除政策", "张贴创新券使用办法"),
        ("集中介绍政策条件、材料和时间节点。", "发放一页纸问答,现场答疑。"),
        ("参会企业反映良好", "现场登记意向企业若干"),
        6,
    ),
    ServiceKind.policy_guidance: Sort(
        15,
        _AT,
        ("辅导高新技术企业认定", "辅导研发费用归集", "辅导专精特新申报材料"),
        ("逐项核对知识产权、人员比例和收入归集。", "说明辅助账格式,检查两份样表。"),
        ("列出缺项清单,企业两周内补齐", "材料基本齐备"),
        2,
    ),
    ServiceKind.training: Sort(
        6,
        (Channel.event, Channel.online),
        ("工业软件应用培训", "知识产权管理培训", "安全生产与质量管理培训"),
        ("邀请专家授课半天,含案例讨论。",),
        ("发放培训证明", "收集后续咨询意向"),
        12,
    ),
    ServiceKind.matchmaking: Sort(
        8,
        _AT,
        ("陪同专家到{firm}对接", "组织{chain}供需见面"),
        ("专家察看现场并与技术团队讨论工艺参数。", "双方交换资料,约定试样。"),
        ("达成初步合作意向", "约定再次试验"),
    ),
    ServiceKind.patent: Sort(
        7,
        _AT,
        ("专利挖掘与布局辅导", "协助办理专利快速预审"),
        ("围绕{chain}梳理技术点,讨论保护范围。",),
        ("拟提交专利申请两件",),
    ),
    ServiceKind.financing: Sort(
        6,
        _AT,
        ("科技信贷对接", "介绍知识产权质押融资"),
        ("介绍银行产品,核对贷款条件。",),
        ("企业提交贷款申请", "暂无融资需求"),
        2,
    ),
    ServiceKind.achievement_discovery: Sort(
        4,
        _AT,
        ("发现{chain}可转化成果", "登记企业自有成果"),
        ("了解自有技术的成熟度和知识产权情况。",),
        ("建议登记入库",),
    ),
    ServiceKind.other: Sort(
        6,
        (Channel.phone, Channel.at_station, Channel.online),
        ("电话回访{firm}", "解答企业来电咨询"),
        ("解答项目申报时间和材料问题。",),
        ("已答复",),
    ),
}


async def enter(scene: Scene) -> None:
    """Write the year's entries, then let the enterprises confirm or dispute."""
    register = directory.named("service-log")
    ready = sorted((_entry(scene) for _ in range(COUNT)), key=lambda one: one.at)
    await scene.pen.write(register, ready)
    actors = {firm.row.id: firm.actor for firm in scene.firms}
    steps = [step for one in ready if (step := _answered(scene, actors, one.row))]
    await scene.pen.move(register, steps)


def _entry(scene: Scene) -> Ready:
    dice = scene.dice
    kind = dice.weighed({kind: sort.weight for kind, sort in SORTS.items()})
    sort = SORTS[kind]
    at = scene.ago(dice.randint(0, _YEAR))
    working = scene.working()
    firms = dice.sample(working, 1 if sort.most == 1 else dice.randint(1, sort.most))
    if dice.happens(0.1):
        firms[0] = scene.owners[0]
        firms = list({firm.row.id: firm for firm in firms}.values())
    told = {
        "firm": firms[0].row.name.removeprefix("样例"),
        "chain": firms[0].trade.chain,
        "products": firms[0].trade.products,
    }
    body = ServiceLogBody(
        served_on=at.date(),
        kind=kind,
        channel=dice.choice(sort.channels),
        title=dice.choice(sort.titles).format(**told)[:120],
        content=dice.choice(sort.contents).format(**told),
        result=dice.choice(sort.results) if dice.happens(0.75) else None,
        next_step="两周内电话回访" if dice.happens(0.3) else None,
        hours=Decimal(dice.choice(("0.5", "1", "1.5", "2", "3", "4"))),
        staff=[_staff(scene)],
        enterprise_ids=[firm.row.id for firm in firms],
        audience=None,
    )
    return _ready(scene, body, firms, at)


def _ready(scene: Scene, body: ServiceLogBody, firms: Sequence[Firm], at: Any) -> Ready:
    dice, park = scene.dice, scene.park
    actor = dice.weighed({park.station: 76, park.committee: 12, park.centre: 12})
    written = min(at + timedelta(minutes=dice.randint(20, 2000)), scene.until)
    row = ServiceLogEntry(
        **body.model_dump(),
        region_id=park.organisation.region_id,
        node_id=park.organisation.node_id,
        # said outright: pydantic reads a factory's signature anew for every default it fills in
        id=new_id(),
        created_at=written,
        updated_at=written,
        confirmed_by=[],
        disputed_by=[],
    )
    put_on_hat(scene.pen.work(actor, written), row)
    return Ready(actor, written, row, body, tuple(firm.row.id for firm in firms))


def _staff(scene: Scene) -> str:
    return scene.dice.choice((scene.park.station.name, names.person(scene.dice)))


def _answered(scene: Scene, actors: Mapping[UUID, Actor], row: ServiceLogEntry) -> Step | None:
    """Return what an enterprise, or the author, did with an entry; mostly it confirmed."""
    age = (scene.today - row.served_on).days
    luck = scene.dice.random()
    if age <= _RECENT and luck > _AT_ONCE:
        return None
    at = scene.after(row.created_at, 1, 9)
    enterprise = actors[row.enterprise_ids[0]]
    if luck < _CONFIRMED:
        return Step(enterprise, at, row, "confirm")
    if luck < _DISPUTED:
        return Step(enterprise, at, row, "dispute", {"reason": "当天并未到访,请核实日期"})
    if luck < _VOID and row.organisation_id == scene.park.station.organisation_id:
        return Step(scene.park.station, at, row, "void", {"reason": "重复登记"})
    return None
