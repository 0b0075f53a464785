"""The detector of blind texts: every way to name an enterprise, and texts that name nobody."""

from collections.abc import Iterator

import opencc
import pypinyin

from app.core.text import to_taiwan
from app.ledgers.needs.blinding import Clue, clues_of, findings
from bench.walls.rows import Row, at_least, at_most

_CITIES = ("苏州市", "样例市", "深圳", "")
_MARKS = ("蓝鲸", "德特", "云启", "瀚海", "博睿", "晶锐", "拓普", "恒昱")
_TRADES = ("光电科技", "储能", "精密机械", "生物医药", "智能装备")
_FRAME = "我们是{},在行星减速器的齿面磨损上遇到困难,寻求降低磨损的工艺,投入 300 万元。"
#: Written as clerks write of a problem; numbers, standards, dates, trades among them.
_HARMLESS = (
    "寻求低噪声激光驱动器,噪声低于 1 微伏,投入 300 万元。",
    "需在 2026-12-31 前完成,年产 1000000 件,合格率 99.5%。",
    "满足 GB/T 22900-2022 与 ISO 9001,温度 -40 至 85 度。",
    "光电领域一家中型企业求购检测设备,预算 80 万元。",
    "某机械企业的减速器磨损严重,寻求优化热处理工艺。",
    "希望引进 5G 工业模组的测试方法,频段 3.5 GHz。",
    "锂电池正极材料 LiFePO4 的低温性能需要提升到 -30 度。",
    "计划与高校合作开发 CO2 激光切割的在线监测,周期 18 个月。",
    "对 PCB 板 0201 元件的贴装精度要求 25 微米。",
    "电机转速 12000 转每分钟,振动小于 1.8 mm/s。",
    "产品出口欧洲,需符合 CE 与 RoHS 要求。",
    "现有产线节拍 42 秒,目标 35 秒以内。",
)


_WIDE = {ord(one): ord(one) + 0xFEE0 for one in "abcdefghijklmnopqrstuvwxyz."}


def rows() -> Iterator[Row]:
    """Yield how many disguised names are found, and how many harmless texts are refused."""
    tried = missed = 0
    for number, name in enumerate(_names()):
        clues = _clues(name, number)
        for said in _ways(name, number):
            tried += 1
            missed += not findings("/blind_text", _FRAME.format(said), clues)
    refused = sum(
        bool(findings("/blind_text", text, _clues(name, number)))
        for number, name in enumerate(_names())
        for text in _HARMLESS
    )
    yield at_least("seen.blind_tried", "texts that name an enterprise in some disguise", tried, 500)
    yield at_most("seen.blind_missed", "of them not found", missed, 0)
    yield at_most("seen.blind_refused", "harmless texts refused or doubted", refused, 0)


def _names() -> list[str]:
    return [
        f"{city}{mark}{trade}有限公司" for city in _CITIES for mark in _MARKS for trade in _TRADES
    ]


def _clues(name: str, number: int) -> list[Clue]:
    return list(
        clues_of(
            names=[name, f"Blue Crane {number} Photonics"],
            uscc=f"91320500MA{number:06d}X3",
            persons=["欧阳明珠"],
            address=f"人民东路{number + 1}号",
            website=f"www.lanjing{number}.example",
            phones=[f"0512-6{number:07d}"],
            certificate=f"GR2024{number:08d}",
            products="LJ-200 型驱动器",
            numbers=[f"ZL2023{number:08d}.1"],
        )
    )


def _ways(name: str, number: int) -> Iterator[str]:
    """Yield the ways a clerk, or somebody who wants to be known, writes the name or a number."""
    mark = next(one for one in _MARKS if one in name)
    bare = name.removesuffix("有限公司")
    yield from (name, bare, mark, " ".join(bare), "-".join(mark), bare.replace(mark, f"“{mark}”"))
    yield from (to_taiwan(name), opencc.OpenCC("s2t").convert(bare))
    spelt = pypinyin.lazy_pinyin(bare)
    yield from ("".join(spelt), " ".join(spelt), " ".join(spelt).title(), "".join(spelt).upper())
    yield from (f"Blue Crane {number} Photonics", f"BLUECRANE{number}PHOTONICS")
    yield from (f"91320500MA{number:06d}X3", f"913205 00MA{number:06d}x3", f"lanjing{number}")
    yield from (
        "欧阳明珠",
        "歐陽明珠",
        f"人民东路 {number + 1} 号",
        f"http://lanjing{number}.example/a",
    )
    yield from (
        f"0512 6{number:07d}",
        f"(0512)6{number:07d}",
        f"GR2024{number:08d}",
        "LJ200",
        "LJ-200",
    )
    yield from (
        f"ZL2023{number:08d}.1",
        f"专利2023{number:08d}.1",
        "ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ",
    )
    yield from ("一三八零零零零一二三四", "138 0000 1234", "微信号:whale_2020", "a.b@firm.example")
