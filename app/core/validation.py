"""Turns what Pydantic refuses into field errors in the caller's words."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.core.errors import FieldError, Invalid
from app.core.labels import T

_SAID: Mapping[str, T] = {
    "missing": T("必填，请填写。", "Required: please fill it in."),
    "extra_forbidden": T("没有这个字段，请删去。", "There is no such field; leave it out."),
    "string_too_short": T(
        "太短了：至少 {min_length} 个字，请补充。",
        "Too short: write at least {min_length} characters.",
    ),
    "string_too_long": T(
        "太长了：最多 {max_length} 个字，请删短。",
        "Too long: write at most {max_length} characters.",
    ),
    "string_type": T("这里应为文字，请改写。", "This must be text: please rewrite it."),
    "string_unicode": T(
        "含有不完整的字符，请重新输入。", "It holds half a character; type it again."
    ),
    "string_pattern_mismatch": T(
        "格式不符，请对照这一项的说明改写。",
        "Not in the required format: see the note beside the field.",
    ),
    "too_short": T(
        "太少了：至少 {min_length} 项，请再加。", "Too few: give at least {min_length}."
    ),
    "too_long": T(
        "太多了：最多 {max_length} 项，请删去一些。", "Too many: give at most {max_length}."
    ),
    "int_parsing": T(
        "这里应为整数，请改写，例如 29。", "This must be a whole number: write one such as 29."
    ),
    "int_type": T(
        "这里应为整数，请改写，例如 29。", "This must be a whole number: write one such as 29."
    ),
    "int_from_float": T(
        "这里应为整数，请改写，例如 29。", "This must be a whole number: write one such as 29."
    ),
    "decimal_parsing": T(
        "这里应为数字，请改写，例如 1326.51。", "This must be a number: write one such as 1326.51."
    ),
    "decimal_type": T(
        "这里应为数字，请改写，例如 1326.51。", "This must be a number: write one such as 1326.51."
    ),
    "decimal_max_places": T(
        "小数位太多：最多 {decimal_places} 位，请四舍五入。",
        "Too many decimals: round to at most {decimal_places}.",
    ),
    "decimal_max_digits": T(
        "数字太长，请核对单位和位数。", "Too many digits: check the unit and the number."
    ),
    "finite_number": T(
        "这里应为数字，请改写，例如 1326.51。", "This must be a number: write one such as 1326.51."
    ),
    "greater_than_equal": T(
        "太小了：不能小于 {ge}，请核对后改写。",
        "Too small: it cannot be less than {ge}; check and correct it.",
    ),
    "greater_than": T(
        "太小了：应大于 {gt}，请核对后改写。",
        "Too small: it must be greater than {gt}; check and correct it.",
    ),
    "less_than_equal": T(
        "太大了：不能大于 {le}，请核对后改写。",
        "Too large: it cannot be greater than {le}; check and correct it.",
    ),
    "less_than": T(
        "太大了：应小于 {lt}，请核对后改写。",
        "Too large: it must be less than {lt}; check and correct it.",
    ),
    "enum": T(
        "不在可选范围内，请从列表中选择。", "Not one of the choices; choose from: {expected}."
    ),
    "literal_error": T(
        "不在可选范围内，请从列表中选择。", "Not one of the choices; choose from: {expected}."
    ),
    "bool_parsing": T("这里应为是或否，请选择其一。", "This must be yes or no: choose one."),
    "bool_type": T("这里应为是或否，请选择其一。", "This must be yes or no: choose one."),
    "uuid_parsing": T(
        "这里应为一条记录的编号，请从列表中重新选择。",
        "This must be the identifier of a record: choose it from the list again.",
    ),
    "uuid_type": T(
        "这里应为一条记录的编号，请从列表中重新选择。",
        "This must be the identifier of a record: choose it from the list again.",
    ),
    "list_type": T(
        "这里应为列表，请对照接口说明改写。", "This must be a list: see the description of the API."
    ),
    "dict_type": T(
        "这里应为一组内容，请对照接口说明改写。",
        "This must be an object: see the description of the API.",
    ),
    "model_type": T(
        "这里应为一组内容，请对照接口说明改写。",
        "This must be an object: see the description of the API.",
    ),
    "model_attributes_type": T(
        "这里应为一组内容，请对照接口说明改写。",
        "This must be an object: see the description of the API.",
    ),
    "json_invalid": T(
        "内容不完整，无法读取；请更正后重新提交。", "Not valid JSON; correct it and send again."
    ),
    "none_required": T("这里应为空，请清除内容。", "This must be empty: clear it."),
}
_DATE = T("不是有效日期，请写成 2026-06-30。", "Not a valid date; write it as 2026-06-30.")
_OTHER = T(
    "填写有误，请对照这一项的说明改写。",
    "This was not accepted ({msg}); see the note beside the field.",
)


def field_error(error: Mapping[str, Any], skip: int = 1) -> FieldError:
    """Return one of Pydantic's errors as ours; ``skip`` drops the leading 'body' or 'query'."""
    kind = str(error["type"])
    path = "".join(f"/{escaped(part)}" for part in error["loc"][skip:])
    params = {k: v for k, v in (error.get("ctx") or {}).items() if k != "error"}
    if kind.startswith(("date", "datetime", "time")):
        return FieldError(path, kind, _DATE, params)
    if kind == "value_error":
        kind = "invalid"
    said = _SAID.get(kind)
    if said is None:
        return FieldError(path, kind, _OTHER, {"msg": error["msg"]})
    return FieldError(path, kind, said, params)


def escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def invalid(errors: Iterable[Mapping[str, Any]], skip: int = 0) -> Invalid:
    """Return the refusal made of Pydantic's ``errors``."""
    return Invalid.of(*(field_error(error, skip) for error in errors))
