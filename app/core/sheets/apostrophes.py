"""The apostrophe that keeps a text of CSV from opening as a formula, put there and taken away."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def opens_as_formula(text: str) -> bool:
    """Whether a text, any apostrophes before it aside, begins as a formula does."""
    return text.lstrip("'").startswith(_FORMULA_STARTS)


def unquoted(text: str) -> str:
    """Return a cell of CSV without the apostrophe that an export put before it."""
    return text[1:] if text.startswith("'") and opens_as_formula(text) else text
