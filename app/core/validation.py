"""Turns what Pydantic refuses into field errors in the caller's words."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.core.errors import FieldError, Invalid
from app.core.labels import T

_SAID: Mapping[str, T] = {
    "missing": T("必填，请填写。", "Required."),
    "extra_forbidden": T("没有这个字段，请删去。", "There is no such field; leave it out."),
    "string_too_short": T("至少 {min_length} 个字。", "At least {min_length} characters."),
    "string_too_long": T("最多 {max_length} 个字。", "At most {max_length} characters."),
    "string_type": T("应为文字。", "Must be text."),
    "string_unicode": T(
        "含有不完整的字符，请重新输入。", "It holds half a character; type it again."
    ),
    "string_pattern_mismatch": T("格式不符。", "Not in the required format."),
    "too_short": T("至少 {min_length} 项。", "At least {min_length} item(s)."),
    "too_long": T("最多 {max_length} 项。", "At most {max_length} item(s)."),
    "int_parsing": T("应为整数。", "Must be a whole number."),
    "int_type": T("应为整数。", "Must be a whole number."),
    "int_from_float": T("应为整数。", "Must be a whole number."),
    "decimal_parsing": T("应为数字。", "Must be a number."),
    "decimal_type": T("应为数字。", "Must be a number."),
    "decimal_max_places": T(
        "小数最多 {decimal_places} 位。", "At most {decimal_places} decimal places."
    ),
    "decimal_max_digits": T("数字过长。", "Too many digits."),
    "finite_number": T("应为数字。", "Must be a finite number."),
    "greater_than_equal": T("不得小于 {ge}。", "Must not be less than {ge}."),
    "greater_than": T("应大于 {gt}。", "Must be greater than {gt}."),
    "less_than_equal": T("不得大于 {le}。", "Must not be greater than {le}."),
    "less_than": T("应小于 {lt}。", "Must be less than {lt}."),
    "enum": T("不在可选范围内，请从列表中选择。", "Not one of the choices: {expected}."),
    "literal_error": T("不在可选范围内，请从列表中选择。", "Not one of the choices: {expected}."),
    "bool_parsing": T("应为是或否。", "Must be true or false."),
    "bool_type": T("应为是或否。", "Must be true or false."),
    "uuid_parsing": T("不是有效的编号。", "Not a valid identifier."),
    "uuid_type": T("不是有效的编号。", "Not a valid identifier."),
    "list_type": T("应为列表。", "Must be a list."),
    "dict_type": T("应为对象。", "Must be an object."),
    "model_type": T("应为对象。", "Must be an object."),
    "model_attributes_type": T("应为对象。", "Must be an object."),
    "json_invalid": T("不是有效的 JSON。", "Not valid JSON."),
    "none_required": T("应为空。", "Must be null."),
}
_DATE = T("不是有效日期，请写成 2026-06-30。", "Not a valid date; write it as 2026-06-30.")
_OTHER = T("填写有误：{msg}", "{msg}")


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
