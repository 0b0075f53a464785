"""The one style sheet of the public pages: the tokens of the page inside, then its own rules."""

import hashlib
import re
from functools import cache
from pathlib import Path

from app.network.portal.words import shared

_OWN = Path(__file__).resolve().parent / "portal.css"
_DARK = re.compile(r":root\[data-theme='dark'\]\s*\{([^}]*)\}")
_OTHERS = re.compile(r"(?:/\*[^*]*\*/\s*)?:root:root[^{]*\{[^}]*\}")


@cache
def style() -> tuple[str, str]:
    """Return the style sheet and the mark of its content.

    Inside, a script chooses between light and dark; here the reader's system does.
    """
    tokens = _OTHERS.sub("", shared("tokens.css", "styles/tokens.css").read_text("utf-8"))
    tokens = _DARK.sub(r"@media (prefers-color-scheme: dark) { :root {\1} }", tokens, count=1)
    text = tokens + _OWN.read_text("utf-8")
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]
