"""Names nobody bears: every person's ends in （演示）, every organisation's says 样例."""

from app.demo.dice import Dice

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "明远文博晓嘉志诚雅静思齐浩然若溪立新海宁建国秋月一帆子涵锦程丹青景行维德云舒"
_FIRST = "恒瑞华启天博科中创新卓远宏盛鼎睿凌晟泰佳金诺安达立信海纳联众德普思智光曜力拓"
_SECOND = "源科锐达泰能力飞捷通和兴利丰迈凯威特朗明辉阳越航腾图灵维视芯微谱润洁环清"
MARK = "（演示）"

INSTITUTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("样例理工大学", ("01", "04", "06", "08")),
    ("样例科技大学", ("01", "03", "08", "05")),
    ("样例农业大学", ("02", "07", "08")),
    ("样例医药大学", ("02",)),
    ("样例交通大学", ("03", "05", "08", "01")),
    ("样例材料研究院", ("04",)),
    ("样例能源研究所", ("06",)),
    ("样例环境科学研究院", ("07",)),
    ("样例信息技术研究所", ("01",)),
    ("样例航空研究所", ("03",)),
    ("样例测绘与工程勘察院", ("05", "07")),
    ("样例智能制造研究院", ("08",)),
)
DEPARTMENTS = {
    "01": "信息学院",
    "02": "生物与食品学院",
    "03": "航空工程系",
    "04": "材料学院",
    "05": "土木与测绘学院",
    "06": "能源与电气学院",
    "07": "资源与环境学院",
    "08": "机械与自动化学院",
}


def person(dice: Dice) -> str:
    """Return a person's name, marked."""
    length = 2 if dice.happens(0.8) else 1
    given = "".join(dice.choice(_GIVEN) for _ in range(length))
    return f"{dice.choice(_SURNAMES)}{given}{MARK}"


def enterprise(dice: Dice, city: str, trade: str) -> str:
    """Return an enterprise's name: 样例云启恒锐智能装备有限公司."""
    brand = dice.choice(_FIRST) + dice.choice(_SECOND)
    form = "股份有限公司" if dice.happens(0.12) else "有限公司"
    return f"样例{city}{brand}{trade}{form}"


def phone(number: int) -> str:
    """Return a number of an exchange that no area has: 0990-0000123 for the 123rd."""
    return f"0990-{number % 10_000_000:07d}"
