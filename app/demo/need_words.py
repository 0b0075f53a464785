"""What the demo's enterprises ask for, in sentences of ours around the words of a paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.demo.dice import Dice
from app.demo.scene import Firm, Scene
from app.demo.texts import Text
from app.demo.trades import Trade
from app.ledgers.needs.blinding import pieces

_KINDS = {
    "technology": 60,
    "achievement_import": 13,
    "testing": 9,
    "talent": 6,
    "patent": 4,
    "funding": 4,
    "policy": 4,
}
_TITLES: Mapping[str, tuple[str, ...]] = {
    "technology": (
        "{a}技术攻关",
        "{a}与{b}的联合优化",
        "{a}性能提升",
        "{chain}生产中的{a}难题",
        "降低{a}成本的工艺改进",
        "{a}稳定性改进与批量化",
    ),
    "achievement_import": ("引进{a}成熟技术", "寻找{a}相关成果转化合作", "{a}成果中试与产业化"),
    "testing": ("{a}检测与评价方法", "{a}的失效分析与测试", "{chain}产品的{a}检验"),
    "talent": ("引进{a}方向技术人才", "聘请{a}领域技术顾问"),
    "patent": ("{a}专利查新与布局", "{a}相关专利预警分析"),
    "funding": ("{chain}扩产项目的科技融资", "{a}项目研发贷款"),
    "policy": (
        "高新技术企业认定与研发费用归集辅导({chain})",
        "{chain}企业研发费用加计扣除政策咨询",
    ),
}
_PROBLEMS = (
    "批次之间波动大,一次合格率只有{low}%",
    "能耗高于同行约{gap}%,改过两次参数仍不见效",
    "现场数据与实验室结果对不上,找不到主要影响因素",
    "关键指标达不到下游客户的新要求",
    "长期依赖外购,交期和价格都不受控制",
    "试制样品能达标,放大到批量就不稳定",
    "缺少可靠的评价手段,只能凭经验判断",
)
_STATES = (
    "目前采用传统工艺,设备为{year}年购置,技术人员{staff}人,已做过小试。",
    "已有一条试验线,积累了约{year2}组数据,尚未找到规律。",
    "与上游供应商一起调整过配方和参数,效果有限。",
    "有完整的生产线和检测室,缺少该方向的研发力量。",
)
_GOALS = (
    "一起找到原因并给出可实施的方案",
    "在半年内完成样品验证",
    "提供技术咨询,必要时联合开发",
    "指导建立分析模型和试验方法",
    "把已有成果应用到我们的产品上",
)
_TELLING = 3  # characters; a shorter keyword (模型, 品种) says little
_BLIND = "某{chain}企业"
_BUDGETS = (10, 20, 30, 50, 80, 100, 150, 200, 300, 500)
_MODES = (
    "commissioned_development",
    "joint_development",
    "technical_consulting",
    "technical_service",
    "technology_licence",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A need as its enterprise words it, and as the public is told of it."""

    body: dict[str, Any]
    blind_title: str
    blind_text: str


def worded(scene: Scene, firm: Firm, paper: Text) -> Wording:
    """Word a need of ``firm`` about what ``paper`` is about."""
    dice, trade = scene.dice, firm.trade
    kind = dice.weighed(_KINDS)
    a, b = _words(dice, paper)
    told = {"a": a, "b": b, "chain": trade.chain}
    title = dice.choice(_TITLES[kind]).format(**told)
    problem = dice.choice(_PROBLEMS).format(low=dice.randint(71, 89), gap=dice.randint(8, 25))
    goal = dice.choice(_GOALS)
    asks = f"希望与在{a}、{b}方面有研究基础的专家或团队合作,{goal}。"
    description = (
        f"我们主要生产{trade.products}。近来在{a}上遇到困难:{problem}。初步判断与{b}有关。{asks}"
    )
    blind = _BLIND.format(**told)
    body = _terms(scene, firm) | {
        "title": title[:120],
        "description": description,
        "kind": kind,
        "keywords": list(dict.fromkeys((a, b))),
        "current_state": dice.choice(_STATES).format(
            year=scene.today.year - dice.randint(3, 12),
            staff=dice.randint(2, 20),
            year2=dice.randint(2, 30) * 100,
        ),
        "target_metrics": _metrics(dice, trade),
        "hightech_field": paper.field,
        "industry_code": trade.code,
    }
    public = f"{blind}:{title}"[:120], f"{blind}在{a}上遇到困难:{problem}。{asks}"
    if any(piece in text for piece in pieces(firm.row.name) for text in public):
        # the trade in the words is the trade in the name: say less
        public = (
            "某企业的技术需求",
            f"某企业在生产中遇到困难:{problem}。希望与专家或团队合作,{goal}。",
        )
    return Wording(body, *public)


def _words(dice: Dice, paper: Text) -> tuple[str, str]:
    """Return two of the paper's keywords, the longer ones first: they say more."""
    telling = [word for word in paper.keywords if len(word) >= _TELLING] or paper.keywords
    words = sorted(telling, key=len, reverse=True)[:4]
    first = dice.choice(words[:2])
    rest = [word for word in words if word != first]
    rest = rest or [word for word in paper.keywords if word != first] or ["相关工艺"]
    return first, dice.choice(rest)


def _metrics(dice: Dice, trade: Trade) -> str:
    low = dice.randint(80, 90)
    high, saved = dice.randint(low + 4, 99), dice.randint(5, 20)
    return (
        f"一次合格率由{low}%提高到{high}%;单位成本下降{saved}%以上;"
        f"{dice.choice((3, 6, 9, 12))}个月内在{trade.chain}产品上完成验证。"
    )


def _terms(scene: Scene, firm: Firm) -> dict[str, Any]:
    dice = scene.dice
    now = dice.randint(2, 6)
    return {
        "budget": dice.choice(_BUDGETS) if dice.happens(0.8) else None,
        "cooperation_modes": dice.sample(_MODES, dice.randint(1, 2)),
        "trl_now": now,
        "trl_target": dice.randint(now, 9),
        "deadline": scene.today + timedelta(days=dice.randint(20, 400)),
        "confidentiality": dice.weighed({"internal": 70, "public": 30}),
        "contact_name": firm.row.contact_name,
        "contact_phone": firm_phone(scene),
    }


def firm_phone(scene: Scene) -> str:
    """Return a mobile number of the exchange that is kept for fiction here: 199 0000."""
    return f"1990000{scene.dice.randrange(10_000):04d}"
