"""What the bodies of all three libraries are checked for: codes that exist, codes well typed."""

from collections.abc import Iterable

from app.catalogues.codes import find_code
from app.core.errors import FieldError
from app.core.labels import T
from app.ledgers.enterprises import credit_code

_UNKNOWN = T(
    "代码表中没有“{code}”，请从列表中选择。",
    "The code table has no “{code}”; choose one from the list.",
)
_REPEATED = T("“{code}”填写了两次，请去掉一次。", "“{code}” is given more than once; take one out.")


def code_errors(pointer: str, scheme: str, code: str | None) -> list[FieldError]:
    """Return the error of a code its catalogue does not know."""
    if code is None or find_code(scheme, code) is not None:
        return []
    return [FieldError(pointer, "unknown_code", _UNKNOWN, {"code": code})]


def codes_errors(pointer: str, scheme: str, codes: Iterable[str]) -> list[FieldError]:
    """Return the errors of a list of codes: unknown ones and repetitions."""
    found: list[FieldError] = []
    seen: set[str] = set()
    for place, code in enumerate(codes):
        found += code_errors(f"{pointer}/{place}", scheme, code)
        if code in seen:
            found.append(FieldError(f"{pointer}/{place}", "repeated", _REPEATED, {"code": code}))
        seen.add(code)
    return found


def credit_code_errors(pointer: str, code: str | None) -> list[FieldError]:
    """Return what is certainly mistyped in a 统一社会信用代码."""
    if code is None:
        return []
    return [
        FieldError(pointer, wrong, credit_code.PROBLEMS[wrong])
        for wrong in credit_code.check(code).errors
    ]
