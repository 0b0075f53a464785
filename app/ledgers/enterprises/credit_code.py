"""统一社会信用代码 (GB 32100-2015): what is certainly mistyped, and what merely looks odd.

A pass proves that the code was typed correctly, never that the enterprise exists.
"""

import re
import unicodedata
from dataclasses import dataclass

from stdnum.cn import uscc

from app.catalogues.codes import find_code
from app.core.labels import T

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I O S V Z, which people misread
LENGTH = 18

#: 行政区划 of every invented enterprise; GB/T 2260 has no province 99.
FICTITIOUS_REGION = "990101"
#: Registered with the state's own office: a region code, though no province has it.
NATIONAL_REGION = "100000"

#: 登记管理部门 -> 机构类别 it registers. None: GB 32100 gives it categories this table omits.
DEPARTMENTS: dict[str, str | None] = {
    "1": "1239",  # 机构编制: 机关, 事业单位, 群众团体, 其他
    "2": None,  # 外交
    "3": None,  # 司法行政
    "4": None,  # 文化
    "5": "1239",  # 民政: 社会团体, 民办非企业, 基金会, 其他
    "6": None,  # 旅游
    "7": None,  # 宗教
    "8": None,  # 工会
    "9": "123",  # 工商: 企业, 个体工商户, 农民专业合作社
    "A": None,  # 中央军委改革和编制办公室
    "N": "1239",  # 农业: 组级, 村级, 乡镇级, 其他
    "Y": "1",  # 其他
}

#: What is said of each error and warning of :func:`check`.
PROBLEMS: dict[str, T] = {
    "length": T(
        "统一社会信用代码应为18位，请对照营业执照补全或改正。",
        "A unified social credit code has 18 characters; compare it with the licence.",
    ),
    "character": T(
        "统一社会信用代码只用数字和大写字母，且不用 I、O、S、V、Z，请对照营业执照改正。",
        "A credit code uses digits and capital letters without I, O, S, V and Z; compare it with"
        " the licence.",
    ),
    "department": T(
        "第1位不是登记管理部门代码，请对照营业执照改正。",
        "Character 1 is no registration authority; compare it with the licence.",
    ),
    "category": T(
        "第2位不是该登记管理部门的机构类别，请对照营业执照改正。",
        "Character 2 is no category of that registration authority; compare it with the licence.",
    ),
    "region": T(
        "第3至8位应为行政区划数字，请对照营业执照改正。",
        "Characters 3 to 8 must be a region in digits; compare them with the licence.",
    ),
    "check_digit": T(
        "校验位不符，可能有一位录错，请逐位核对。",
        "The check character does not match, so one may be mistyped; compare them one by one.",
    ),
    "unknown_region": T(
        "第3至8位的行政区划不在代码表中，请核对。",
        "The region in characters 3 to 8 is not in the table of divisions; please check it.",
    ),
    "fictitious_region": T(
        "第3至8位是虚构的行政区划，仅供演示；正式数据请核对。",
        "The region in characters 3 to 8 is invented, for demonstration only; check it in real"
        " data.",
    ),
    "organisation_check": T(
        "第9至17位的组织机构代码校验位不符，请逐位核对。",
        "The organisation code in characters 9 to 17 does not match its own check character;"
        " compare them one by one.",
    ),
}

_SHAPE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class CreditCodeResult:
    """A code as it would be stored, with what forbids it and what a person should look at."""

    code: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def valid(self) -> bool:
        """Warnings do not make a code invalid: a district abolished keeps its codes alive."""
        return not self.errors


def normalise(code: str) -> str:
    """Undo what spreadsheets and input methods do: full width, blanks, hyphens, lower case."""
    return re.sub(
        r"[\s\-\u00ad\u200b-\u200f\ufeff]", "", unicodedata.normalize("NFKC", code)
    ).upper()


def check(code: str) -> CreditCodeResult:
    """Check a code as typed; the result carries it normalised."""
    code = normalise(code)
    errors = _errors(code)
    return CreditCodeResult(code, errors, () if errors else _warnings(code))


def _errors(code: str) -> tuple[str, ...]:
    if len(code) != LENGTH:
        return ("length",)
    if not _SHAPE.fullmatch(code):
        return ("character",)
    found: list[str] = []
    if code[0] not in DEPARTMENTS:
        found.append("department")
    elif not code[1].isdigit() or code[1] not in (DEPARTMENTS[code[0]] or "0123456789"):
        found.append("category")
    if not code[2:8].isdigit():
        found.append("region")
    if uscc.calc_check_digit(code[:17]) != code[17]:
        found.append("check_digit")
    return tuple(found)


def _warnings(code: str) -> tuple[str, ...]:
    found: list[str] = []
    region = code[2:8]
    if region == FICTITIOUS_REGION:
        found.append("fictitious_region")
    elif region != NATIONAL_REGION and find_code("division", region[:2] + "0000") is None:
        found.append("unknown_region")
    if organisation_check(code[8:16]) != code[16]:
        found.append("organisation_check")
    return tuple(found)


def organisation_check(body: str) -> str:
    """Compute the check character of an organisation code (GB 11714) from its first eight."""
    total = sum(
        weight * int(character, 36)
        for weight, character in zip(_ORGANISATION_WEIGHTS, body, strict=True)
    )
    return "0X987654321"[total % 11]


def make(region: str, body: str, department: str = "9", category: str = "1") -> str:
    """Build a code with both check characters right, for demonstration and tests.

    ``body`` is the eight characters an authority would assign, such as MA000001.
    """
    stem = f"{department}{category}{region}{body}{organisation_check(body)}"
    code = stem + str(uscc.calc_check_digit(stem))
    if errors := _errors(code):
        raise ValueError(f"{code}: {', '.join(errors)}")
    return code
