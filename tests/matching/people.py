"""Three invented experts and a need, for the tests of ranking."""

from datetime import date
from uuid import UUID

from app.matching.parties import Body, Person, Subject
from app.matching.ranking import Document

DAY = date(2026, 11, 22)
READABLE = frozenset({"name", "keywords", "documents"})

GEARS = Person(
    UUID(int=101),
    "齐轮",
    Body("样例理工大学"),
    fields=("08", "04"),
    keywords=("行星减速器", "齿轮修形", "振动噪声"),
)
OPTICS = Person(
    UUID(int=102),
    "光雪",
    Body("样例光学研究所"),
    fields=("01",),
    keywords=("光学镜头", "镀膜"),
)
WATER = Person(
    UUID(int=103),
    "水清",
    Body("样例环境学院"),
    fields=("07", "08"),
    keywords=("污水处理", "膜污染"),
)
PEOPLE = [GEARS, OPTICS, WATER]
PAPERS = {
    GEARS.id: (
        Document(
            "行星齿轮传动的修形设计",
            "齿轮传动在重载下磨损严重。本文提出齿形优化方法,降低了行星减速器的振动噪声。",
        ),
        Document("高速主轴的热误差补偿", "建立了热误差模型。"),
    ),
    OPTICS.id: (Document("红外镜头的无热化设计", "镜头在宽温区内保持成像质量。"),),
    WATER.id: (Document("膜生物反应器的污染控制", "膜污染是运行中的主要问题。"),),
}


def need(*texts: str, bodies: tuple[Body, ...] = (Body("样例甲厂"),)) -> Subject:
    return Subject("needs", UUID(int=7), texts[0], texts, field="08", bodies=bodies)
