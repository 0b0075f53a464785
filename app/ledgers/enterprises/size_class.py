"""大中小微: the size class of an enterprise by the statistical office's table, with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from app.catalogues.codes import industry, industry_section
from app.core.labels import T


class SizeClass(StrEnum):
    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"

    @property
    def label(self) -> T:
        """What people call it."""
        return _LABELS[self]


_LABELS = {
    SizeClass.LARGE: T("大型", "Large"),
    SizeClass.MEDIUM: T("中型", "Medium"),
    SizeClass.SMALL: T("小型", "Small"),
    SizeClass.MICRO: T("微型", "Micro"),
}
_LARGEST_FIRST = (SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL)

#: 从业人员 in persons, 营业收入 and 资产总额 in 万元.
Indicator = Literal["employees", "revenue", "total_assets"]
Bounds = tuple[int, int, int]  # the lower bounds of large, medium and small


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One row of the table: its trade and the bounds of the indicators that count there."""

    name: str
    name_zh: str
    bounds: Mapping[Indicator, Bounds]
    verified: bool = True  # False: the numbers are from memory, nobody compared them yet


@dataclass(frozen=True, slots=True)
class SizeRules:
    """One edition of the table; an edition that is replaced stays for the years it governed."""

    edition: str
    source: str
    valid_from: date
    valid_to: date | None
    rows: Mapping[str, SizeRow]


def _row(
    name: str,
    name_zh: str,
    x: Bounds | None = None,
    y: Bounds | None = None,
    z: Bounds | None = None,
    *,
    verified: bool = True,
) -> tuple[str, SizeRow]:
    """Write a row as the standard prints it: X persons, Y revenue, Z assets."""
    columns: dict[Indicator, Bounds | None] = {"employees": x, "revenue": y, "total_assets": z}
    bounds = {indicator: found for indicator, found in columns.items() if found is not None}
    return name, SizeRow(name, name_zh, bounds, verified)


RULES_2017 = SizeRules(
    edition="国统字〔2017〕213号",
    source="统计上大中小微型企业划分办法（2017）; bound reading: NBS reply of May 2024",
    valid_from=date(2017, 12, 28),
    valid_to=None,
    rows=dict(
        [
            _row("agriculture", "农、林、牧、渔业", y=(20000, 500, 50)),
            _row("industry", "工业", (1000, 300, 20), (40000, 2000, 300)),
            _row("construction", "建筑业", y=(80000, 6000, 300), z=(80000, 5000, 300)),
            _row("wholesale", "批发业", (200, 20, 5), (40000, 5000, 1000)),
            _row("retail", "零售业", (300, 50, 10), (20000, 500, 100)),
            _row("transport", "交通运输业", (1000, 300, 20), (30000, 3000, 200)),
            _row("storage", "仓储业", (200, 100, 20), (30000, 1000, 100)),
            _row("post", "邮政业", (1000, 300, 20), (30000, 2000, 100)),
            _row("accommodation", "住宿业", (300, 100, 10), (10000, 2000, 100)),
            _row("catering", "餐饮业", (300, 100, 10), (10000, 2000, 100)),
            _row("information", "信息传输业", (2000, 100, 10), (100000, 1000, 100)),
            _row("software", "软件和信息技术服务业", (300, 100, 10), (10000, 1000, 50)),
            _row(
                "real_estate",
                "房地产开发经营",
                y=(200000, 1000, 100),
                z=(10000, 5000, 2000),
                verified=False,  # only the last bound of Z
            ),
            _row("property", "物业管理", (1000, 300, 100), (5000, 1000, 500), verified=False),
            _row(
                "business_services",
                "租赁和商务服务业",
                (300, 100, 10),
                z=(120000, 8000, 100),
                verified=False,
            ),
            _row("other", "其他未列明行业", (300, 100, 10), verified=False),
        ]
    ),
)
EDITIONS = (RULES_2017,)

#: Division (大类) or, longer, class -> row. The longest prefix decides; a division that is in the
#: table's scope but listed nowhere falls to "other".
_BY_DIVISION: dict[str, str] = {
    "51": "wholesale",
    "52": "retail",
    **dict.fromkeys(("54", "55", "56", "57", "58"), "transport"),
    "591": "transport",  # 装卸搬运: GB/T 4754-2017 put it beside storage, the table did not
    "59": "storage",
    "60": "post",
    "61": "accommodation",
    "62": "catering",
    "63": "information",
    "64": "information",
    "65": "software",
    "701": "real_estate",
    "702": "property",
    "71": "business_services",
    "72": "business_services",
}
