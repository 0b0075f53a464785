"""A small library of invented people, in both languages, to rank in tests."""

from app.matching.ranking import Candidate, Document

TOPICS = {
    "power": ("锂离子电池热失控预警方法", "针对动力电池包的热失控,提出多传感器融合的早期预警算法"),
    "vision": ("基于深度学习的钢板表面缺陷检测", "采用卷积神经网络识别轧制钢板表面的裂纹与划痕"),
    "water": ("印染废水膜处理与回用技术", "以陶瓷膜过滤与臭氧氧化联合处理高盐印染废水并实现回用"),
    "robot": ("六轴工业机器人标定与误差补偿", "利用激光跟踪仪测量末端位姿,辨识运动学参数误差"),
    "bio": ("单克隆抗体纯化层析工艺", "比较蛋白A亲和层析与离子交换层析的收率和纯度"),
    "english": (
        "Deep neural networks for surface defect detection",
        "We train convolutional networks to find cracks and scratches on rolled steel plates.",
    ),
}


def people() -> list[Candidate]:
    """Return three people for each topic, with one to three documents and some of the fields."""
    found = []
    for topic, (title, abstract) in TOPICS.items():
        for number in range(3):
            documents = tuple(
                Document(f"{title}之{part}", abstract if part else "", (topic,), 2010 + 5 * part)
                for part in range(number + 1)
            )
            fields = (f"{topic}.{number}", topic)
            found.append(
                Candidate(f"{topic}-{number}", documents, fields, (title[:6],), node=number)
            )
    return found
