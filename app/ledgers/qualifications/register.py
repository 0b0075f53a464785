"""Qualifications as the engine knows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.audit.work import Work
from app.core.errors import FieldError, Invalid
from app.core.http import CONSTRAINTS
from app.core.labels import T
from app.ledgers.enterprises.service import seen_enterprise
from app.ledgers.qualifications.models import (
    Qualification,
    QualificationBody,
    QualificationKind,
)
from app.ledgers.qualifications.permissions import RIGHTS, visible_to
from app.registers.fields import F
from app.registers.register import Change, DuplicateRule, Floor, Placement, Register

KINDS: Mapping[str, T] = {
    QualificationKind.high_tech_enterprise: T("高新技术企业", "High-tech enterprise"),
    QualificationKind.tech_sme: T("科技型中小企业", "Technology SME"),
    QualificationKind.innovative_sme: T("创新型中小企业", "Innovative SME"),
    QualificationKind.specialised_sme: T("专精特新中小企业", "Specialised and sophisticated SME"),
    QualificationKind.little_giant: T("专精特新“小巨人”企业", "Little giant"),
    QualificationKind.champion: T("制造业单项冠军", "Manufacturing champion"),
    QualificationKind.gazelle: T("瞪羚企业", "Gazelle"),
    QualificationKind.unicorn: T("独角兽企业", "Unicorn"),
    QualificationKind.high_tech_product: T("高新技术产品", "High-tech product"),
    QualificationKind.private_tech_enterprise: T("民营科技企业", "Private technology enterprise"),
    QualificationKind.demonstration: T("示范企业", "Demonstration enterprise"),
    QualificationKind.rd_institution: T("研发机构认定", "Recognised R&D institution"),
    QualificationKind.other: T("其他", "Other"),
}

CONSTRAINTS["uq_qualification_certificate_live"] = (
    "/certificate_no",
    T(
        "该企业已登记过这张证书；请先查找已有的记录，或核对证书编号。",
        "That certificate of the enterprise is already registered; look for it, or check the"
        " number.",
    ),
)
_ORDER = T(
    "有效期止不能早于有效期起，请核对这两个日期。",
    "Validity cannot end before it begins; check both days.",
)
_FIXED = T(
    "所属企业登记后不能更改；选错的，请删除后重新登记。",
    "The enterprise cannot be changed afterwards; if it is wrong, delete this and register it"
    " anew.",
)

FIELDS = (
    F(
        "enterprise_id",
        T("企业", "Enterprise"),
        reference="enterprises",
        synonyms=("企业名称", "统一社会信用代码"),
        in_list=True,
    ),
    F(
        "kind",
        T("资质类型", "Kind"),
        choices=KINDS,
        synonyms=("资质", "类型"),
        facet=True,
        in_list=True,
    ),
    F(
        "certificate_no",
        T("证书编号", "Certificate number"),
        synonyms=("编号", "证书号"),
        search="A",
        in_list=True,
    ),
    F("issuer", T("发证机关", "Issuer"), synonyms=("认定机关", "批准机关"), search="C"),
    F("valid_from", T("有效期起", "Valid from"), synonyms=("发证日期", "认定日期"), in_list=True),
    F("valid_to", T("有效期止", "Valid to"), synonyms=("到期日期", "有效期至"), in_list=True),
    F(
        "rule_version",
        T("认定依据", "Given under"),
        help=T("认定办法的文号与年度", "The rule's number and year"),
    ),
    F("remark", T("备注", "Remark")),
)
COMPUTED = (F("title", T("资质", "Qualification"), search="A", sheet=False),)


def check(body: QualificationBody) -> Sequence[FieldError]:
    """Say what is wrong beyond types and bounds."""
    if body.valid_from and body.valid_to and body.valid_to < body.valid_from:
        return (FieldError("/valid_to", "before_start", _ORDER),)
    return ()


async def place(work: Work, body: QualificationBody) -> Placement:
    """Put a qualification beside its enterprise. Raises Invalid."""
    enterprise = await seen_enterprise(work, body.enterprise_id)
    return Placement(enterprise.region_id, enterprise.node_id, enterprise.id)


async def check_write(_: Work, change: Change[Qualification]) -> None:
    """Refuse to hand a qualification to another enterprise. Raises Invalid."""
    before = change.before
    if before is not None and str(change.row.enterprise_id) != before["enterprise_id"]:
        raise Invalid.of(FieldError("/enterprise_id", "fixed", _FIXED))


def derive(row: Qualification) -> None:
    """Set the title."""
    row.title = " ".join(part for part in (KINDS[row.kind].zh, row.certificate_no) if part)


REGISTER: Register[Any, Any] = Register(
    name="qualifications",
    label=T("企业资质", "Qualifications"),
    label_one=T("资质", "Qualification"),
    floor=Floor.ledgers,
    row=Qualification,
    body=QualificationBody,
    fields=FIELDS,
    computed_fields=COMPUTED,
    title_field="title",
    rights=RIGHTS,
    visible_to=visible_to,
    place=place,
    check=check,
    check_write=check_write,
    derive=derive,
    duplicates=(
        DuplicateRule(T("证书编号相同", "Same certificate number"), ("certificate_no",)),
        DuplicateRule(
            T("同一企业的同类资质", "Same kind of the same enterprise"),
            ("kind",),
            within="enterprise_id",
        ),
    ),
)
