"""Choose the demonstration's texts from public corpora and write ``app/demo/texts.jsonl``.

    python scripts/choose_demo_texts.py FOLDER

FOLDER holds ``cslexp_experts.jsonl`` and ``cslexp_queries.jsonl`` (papers of CSL, Apache-2.0,
without authors) and ``cnproj_nsfc_queries.jsonl`` (award titles of Tsai1993/Fund, MPL-2.0, without
persons). Kept are texts of technical disciplines that name neither persons nor hospitals. The
output is committed; see docs/data-sources.md.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "app" / "demo" / "texts.jsonl"
LONGEST_ABSTRACT = 420
MOST_KEYWORDS = 6
SHORTEST_ABSTRACT = 60

#: Discipline of CSL -> high-tech field (国科发火〔2016〕32号, first level).
FIELDS = {
    "信息与通信工程": "01",
    "计算机科学与技术": "01",
    "电子科学与技术": "01",
    "光学工程": "01",
    "食品科学与工程": "02",
    "药学": "02",
    "生物学/生物科学与工程": "02",
    "作物学": "02",
    "水产": "02",
    "农业工程": "02",
    "航空宇航科学与技术": "03",
    "力学": "03",
    "材料科学与工程": "04",
    "化学/化学工程与技术": "04",
    "冶金工程": "04",
    "纺织科学与工程": "04",
    "测绘科学与技术": "05",
    "土木工程": "05",
    "动力工程及工程热物理": "06",
    "电气工程": "06",
    "石油与天然气工程": "06",
    "环境科学与工程": "07",
    "水利工程": "07",
    "矿业工程": "07",
    "地质学/地质资源与地质工程": "07",
    "机械工程": "08",
    "控制科学与工程": "08",
    "交通运输工程": "08",
    "船舶与海洋工程": "08",
}
_UNWANTED = re.compile(
    "教授|医院|患者|病例|病人|临床|先生|名老|笔者|作者|毛泽东|邓小平|习近平|军事|武器|导弹|弹药|作战|战场"
    "|火炮|炸药|枪|学生|教学|大学|高校|课程|院士|博士|硕士|国防|战斗|炮|@|旅游|林权|人才|公园|宗教|审计|会计|股票|就业|死亡|癌|医疗|艾滋|糖尿病|慢性病|疾病|急救|电话|邮编|@|肿瘤|动物实验|本文集|会议|杂志|党"
)
_TITLES = (  # award titles a technology park would run: word -> field
    ("云计算|大数据|互联网|物联网|信息系统|区块链|软件|数据挖掘|社交网络|算法|信息安全", "01"),
    ("药品|疫苗|食品安全|农产品|生物", "02"),
    ("航空|航天|机场|民航", "03"),
    ("材料|化工", "04"),
    ("技术转移|科技服务|知识产权|专利|孵化|创新网络|科技成果", "05"),
    ("新能源|电力|电网|节能|光伏|储能|能源", "06"),
    ("污染|碳排放|低碳|环境|水资源|循环经济|再制造", "07"),
    ("制造|供应链|物流|车间|调度|生产计划|质量控制|机器人|港口|泊位", "08"),
)
_UNWANTED_TITLE = re.compile(
    "史|文学|政治|法学|民族|教育|政策|治理|公司价值|高校|医院|患者|农村|伦理|法律|审判|意识形态|哲学"
)


def main() -> None:
    folder = Path(sys.argv[1])
    chosen = [*_papers(folder), *_titles(folder)]
    lines = [json.dumps(text, ensure_ascii=False, separators=(",", ":")) for text in chosen]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    counts = Counter((text["kind"], text["field"]) for text in chosen)
    print(f"{len(chosen)} texts, {TARGET.stat().st_size} bytes", *sorted(counts.items()), sep="\n")


def _read(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _papers(folder: Path) -> Iterator[dict[str, Any]]:
    queries = list(_read(folder / "cslexp_queries.jsonl"))
    of_expert: dict[str, Counter[str]] = {}
    for query in queries:
        for expert in query["relevant"]:
            of_expert.setdefault(expert, Counter())[query["discipline"]] += 1
    seen: set[str] = set()
    for expert in _read(folder / "cslexp_experts.jsonl"):
        told = of_expert.get(expert["id"])
        if told:
            discipline = told.most_common(1)[0][0]
            yield from _kept(expert["docs"], discipline, seen)
    for query in queries:
        yield from _kept([query], query["discipline"], seen)


def _kept(
    papers: list[dict[str, Any]], discipline: str, seen: set[str]
) -> Iterator[dict[str, Any]]:
    if discipline not in FIELDS:
        return
    for paper in papers:
        title, abstract = paper["title"].strip(" ?*"), _short(paper["abstract"].strip())
        keywords = [k.strip() for k in paper["keywords"] if 2 <= len(k.strip()) <= 14]
        whole = f"{title}{abstract}{keywords}"
        if title in seen or not 6 <= len(title) <= 60 or len(abstract) < SHORTEST_ABSTRACT:
            continue
        if _UNWANTED.search(whole) or not keywords:
            continue
        seen.add(title)
        yield {
            "kind": "paper",
            "field": FIELDS[discipline],
            "discipline": discipline,
            "title": title,
            "abstract": abstract,
            "keywords": _apart(keywords),
        }


def _short(abstract: str) -> str:
    """End an abstract at a whole sentence."""
    if len(abstract) <= LONGEST_ABSTRACT:
        return abstract
    cut = abstract[:LONGEST_ABSTRACT]
    end = max(cut.rfind(stop) for stop in "。.;；")
    return cut[: end + 1] if end > SHORTEST_ABSTRACT else cut


def _apart(keywords: list[str]) -> list[str]:
    """Drop keywords that are mere pieces of another one."""
    whole = [k for k in keywords if not any(k != other and k in other for other in keywords)]
    return list(dict.fromkeys(whole))[:MOST_KEYWORDS]


def _titles(folder: Path) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for award in _read(folder / "cnproj_nsfc_queries.jsonl"):
        title = award["title"].strip()
        field = next((f for words, f in _TITLES if re.search(words, title)), None)
        unwanted = _UNWANTED_TITLE.search(title) or _UNWANTED.search(title)
        if field and not unwanted and title not in seen and 10 <= len(title) <= 45:
            seen.add(title)
            yield {"kind": "project", "field": field, "title": title}


if __name__ == "__main__":
    main()
