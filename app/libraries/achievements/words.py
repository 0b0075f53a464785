"""What the fields and choices of an achievement are called, and in which section they stand."""

from app.core.labels import T
from app.libraries.achievements.lifecycle import CONTRACTS, MONEY
from app.libraries.achievements.models import AchievementKind, PropertyKind, TransferMode
from app.registers.fields import F

KINDS: dict[str, T] = {
    AchievementKind.technology: T("应用技术", "Technology"),
    AchievementKind.product: T("新产品", "Product"),
    AchievementKind.material: T("新材料", "Material"),
    AchievementKind.software: T("软件", "Software", "軟體"),
    AchievementKind.variety: T("新品种", "Variety"),
    AchievementKind.theory: T("基础理论", "Theory"),
    AchievementKind.soft_science: T("软科学", "Soft science", "軟科學"),
}
MODES: dict[str, T] = {
    TransferMode.transfer: T("转让", "Transfer"),
    TransferMode.licence: T("许可", "Licence"),
    TransferMode.equity: T("作价入股", "Equity"),
    TransferMode.cooperation: T("合作开发", "Cooperation"),
}
PROPERTIES: dict[str, T] = {
    PropertyKind.invention: T("发明专利", "Invention"),
    PropertyKind.utility_model: T("实用新型", "Utility model"),
    PropertyKind.design: T("外观设计", "Design"),
    PropertyKind.software: T("软件著作权", "Software copyright", "軟體著作權"),
    PropertyKind.layout: T("集成电路布图设计", "IC layout", "積體電路布局"),
    PropertyKind.variety: T("植物新品种", "Plant variety"),
    PropertyKind.other: T("其他", "Other"),
}
SECTIONS: dict[str, T] = {
    "basics": T("基本信息", "Basics"),
    "content": T("成果内容", "Content"),
    "offer": T("转化意向", "Offer"),
    "outcome": T("评价与合同", "Evaluation and contract"),
}
_BASICS = (
    F(
        "title",
        T("成果名称", "Title"),
        section="basics",
        search="A",
        pinyin=True,
        in_list=True,
        synonyms=("名称",),
    ),
    F("registration_no", T("成果登记号", "Registration number"), section="basics", search="A"),
    F(
        "owner_name",
        T("成果所有者", "Owner"),
        section="basics",
        search="B",
        in_list=True,
        synonyms=("完成单位", "所有人"),
    ),
    F("enterprise_id", T("所属企业", "Enterprise"), section="basics", reference="enterprises"),
    F("expert_id", T("完成专家", "Expert"), section="basics", reference="experts"),
    F(
        "kind",
        T("成果类型", "Kind"),
        section="basics",
        choices=KINDS,
        facet=True,
        in_list=True,
    ),
    F(
        "hightech_field",
        T("高新技术领域", "High-tech field"),
        section="basics",
        scheme="hightech_field",
        facet=True,
        in_list=True,
        synonyms=("技术领域",),
    ),
)
_CONTENT = (
    F("keywords", T("关键词", "Keywords"), section="content", search="B"),
    F(
        "summary",
        T("成果简介", "Summary"),
        T("挂牌后公开。", "Published once listed."),
        section="content",
        search="C",
        synonyms=("简介",),
    ),
    F("trl", T("技术成熟度", "TRL"), T("1—9 级", "1 to 9"), section="content", in_list=True),
    F("trl_evidence", T("成熟度依据", "Evidence of maturity"), section="content"),
    F(
        "ip_refs",
        T("知识产权", "Intellectual property"),
        section="content",
        columns=(
            F("kind", T("类型", "Kind"), choices=PROPERTIES),
            F("number", T("编号", "Number")),
            F("title", T("名称", "Title")),
        ),
        search="D",
        sheet=False,
    ),
)
_OFFER = (
    F(
        "transfer_modes",
        T("转化方式", "Transfer by"),
        section="offer",
        choices=MODES,
        facet=True,
    ),
    F("asking_price", T("意向价格", "Asking price"), section="offer", unit=MONEY),
    F("asking_terms", T("转化条件", "Terms"), section="offer"),
)
FIELDS = (*_BASICS, *_CONTENT, *_OFFER)
COMPUTED = (
    F("evaluation", T("评价结论", "Evaluation"), section="outcome"),
    F("evaluator", T("评价机构", "Evaluator"), section="outcome"),
    F("evaluated_on", T("评价日期", "Evaluated on"), section="outcome"),
    F("contract_kind", T("合同类别", "Contract"), section="outcome", choices=CONTRACTS),
    F("contract_amount", T("合同成交额", "Contract amount"), section="outcome", unit=MONEY),
    F("contract_no", T("合同登记编号", "Contract number"), section="outcome"),
    F("technical_amount", T("技术交易额", "Technical amount"), section="outcome", unit=MONEY),
)
