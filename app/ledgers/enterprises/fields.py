"""The words of the enterprise ledger: labels, headers of workbooks, who may write what."""

from collections.abc import Mapping

from app.core.labels import T
from app.ledgers.enterprises.indicators import INDICATORS, PERSONS, WAN_YUAN
from app.ledgers.enterprises.models import Tier
from app.ledgers.enterprises.permissions import PERSONAL, STATION
from app.ledgers.enterprises.size_class import SizeClass
from app.registers.fields import F

SECTIONS = {
    "basic": T("基本情况", "Basics"),
    "industry": T("产业与技术", "Industry and technology"),
    "contact": T("联系方式", "Contact"),
    "figures": T("最近年度数据", "Figures of the latest year"),
    "other": T("其他", "Other"),
}

TIERS: Mapping[str, T] = {
    Tier.innovative: T("科技和创新型中小企业", "Innovative SME"),
    Tier.specialised: T("专精特新中小企业", "Specialised and sophisticated SME"),
    Tier.little_giant: T("专精特新“小巨人”企业", "Little giant"),
    Tier.champion: T("制造业单项冠军", "Manufacturing champion"),
}
_YES_NO_HELP = T("由工作站认定后勾选", "Set by the workstation once recognised")

FIELDS = (
    F(
        "name",
        T("企业名称", "Name"),
        section="basic",
        synonyms=("单位名称", "公司名称", "企业全称", "名称", "Company", "Company name"),
        search="A",
        pinyin=True,
        in_list=True,
        writers=STATION,
    ),
    F(
        "uscc",
        T("统一社会信用代码", "Unified social credit code"),
        help=T("18位；填错一位即可查出", "18 characters; a typing error is found at once"),
        section="basic",
        synonyms=("信用代码", "社会信用代码", "统一信用代码", "USCC", "Credit code"),
        search="A",
        in_list=True,
        writers=STATION,
    ),
    F(
        "former_names",
        T("曾用名", "Former names"),
        section="basic",
        synonyms=("原名称", "曾用名称"),
        search="B",
        writers=STATION,
    ),
    F(
        "other_names",
        T("其他名称", "Other names"),
        help=T(
            "简称、外文名称、品牌；脱敏公开稿中不得出现",
            "Short names, names in English, brands; none may stand in a blind text",
        ),
        section="basic",
        synonyms=("企业简称", "英文名称", "品牌"),
        search="B",
    ),
    F(
        "established_on",
        T("成立日期", "Established"),
        section="basic",
        synonyms=("成立时间", "注册日期", "注册时间"),
        writers=STATION,
    ),
    F(
        "registered_capital",
        T("注册资本", "Registered capital"),
        section="basic",
        unit=WAN_YUAN,
        synonyms=("注册资金",),
        writers=STATION,
    ),
    F(
        "legal_representative",
        T("法定代表人", "Legal representative"),
        section="basic",
        synonyms=("法人", "法人代表", "企业法人"),
        writers=STATION,
    ),
    F(
        "entered_on",
        T("入园日期", "Entered the park"),
        section="basic",
        synonyms=("入园时间", "入驻时间", "入驻日期"),
        writers=STATION,
    ),
    F(
        "industry_code",
        T("国民经济行业", "Industry"),
        help=T("国民经济行业分类 GB/T 4754-2017", "GB/T 4754-2017"),
        section="industry",
        scheme="industry",
        synonyms=("行业代码", "国民经济行业代码", "所属行业", "行业", "行业类别"),
        facet=True,
        in_list=True,
        writers=STATION,
    ),
    F(
        "hightech_field",
        T("高新技术领域", "High-tech field"),
        help=T("国家重点支持的高新技术领域", "Fields supported by the state"),
        section="industry",
        scheme="hightech_field",
        synonyms=("技术领域", "所属领域", "所属技术领域", "领域"),
        facet=True,
        in_list=True,
    ),
    F(
        "main_products",
        T("主要产品", "Main products"),
        section="industry",
        synonyms=("主营产品", "主导产品", "主营业务", "经营范围"),
        search="C",
    ),
    F("chain_positions", T("产业链环节", "Positions in the chain"), section="industry", search="C"),
    F(
        "tier",
        T("培育梯度", "Tier"),
        section="industry",
        choices=TIERS,
        synonyms=("梯度",),
        facet=True,
        writers=STATION,
    ),
    F(
        "hnte_certificate_no",
        T("高新技术企业证书编号", "High-tech enterprise certificate"),
        section="industry",
        synonyms=("高企证书编号", "高企证书号", "高新技术企业证书号"),
        writers=STATION,
    ),
    F(
        "backbone",
        T("骨干企业", "Backbone enterprise"),
        help=_YES_NO_HELP,
        section="industry",
        facet=True,
        writers=STATION,
    ),
    F(
        "leading",
        T("龙头企业", "Leading enterprise"),
        help=_YES_NO_HELP,
        section="industry",
        facet=True,
        writers=STATION,
    ),
    F(
        "ipo_reserve",
        T("上市后备企业", "IPO reserve"),
        help=_YES_NO_HELP,
        section="industry",
        synonyms=("上市后备",),
        facet=True,
        writers=STATION,
    ),
    F("contact_name", T("联系人", "Contact"), section="contact", synonyms=("联系人姓名",)),
    F(
        "contact_phone",
        T("联系电话", "Telephone"),
        section="contact",
        synonyms=("电话", "手机", "手机号", "手机号码", "联系方式", "联系人电话"),
        secret=True,
        disclosed=PERSONAL,
    ),
    F(
        "address",
        T("地址", "Address"),
        section="contact",
        synonyms=("企业地址", "注册地址", "经营地址", "办公地址", "通讯地址"),
        search="D",
    ),
    F("website", T("网址", "Website"), section="contact", synonyms=("企业网址", "官网")),
    F("remark", T("备注", "Remark"), section="other", synonyms=("说明",), writers=STATION),
)

COMPUTED = (
    F("exited_on", T("离园日期", "Left on"), section="basic", sheet=False),
    F(
        "size_class",
        T("企业划型", "Size class"),
        help=T(
            "按统计上大中小微型企业划分办法（2017）由最近年度数据算出",
            "Computed from the latest figures (classification of 2017)",
        ),
        section="figures",
        choices={size: size.label for size in SizeClass},
        facet=True,
        in_list=True,
        sheet=False,
    ),
    F("figures_year", T("数据年度", "Year of the figures"), section="figures", sheet=False),
    F(
        "employees",
        INDICATORS["employees"].label,
        section="figures",
        unit=PERSONS,
        in_list=True,
        sheet=False,
    ),
    F("tech_staff", INDICATORS["tech_staff"].label, section="figures", unit=PERSONS, sheet=False),
    F(
        "sales",
        INDICATORS["sales"].label,
        section="figures",
        unit=WAN_YUAN,
        in_list=True,
        sheet=False,
    ),
    F(
        "rd_expense",
        INDICATORS["rd_expense"].label,
        section="figures",
        unit=WAN_YUAN,
        in_list=True,
        sheet=False,
    ),
    F(
        "total_assets",
        INDICATORS["total_assets"].label,
        section="figures",
        unit=WAN_YUAN,
        sheet=False,
    ),
)
