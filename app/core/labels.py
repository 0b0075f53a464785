"""Words shown to people, in the three languages of the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.core.text import to_taiwan

LOCALES = ("zh-CN", "zh-TW", "en")
DEFAULT_LOCALE = "zh-CN"
#: Taiwan quotes in corners.
_QUOTES = str.maketrans({"“": "「", "”": "」"})


@dataclass(frozen=True, slots=True)
class T:
    """One text: simplified Chinese and English; Taiwan's is drafted from the first unless given."""

    zh: str
    en: str
    tw: str | None = None

    def in_(self, locale: str) -> str:
        """Return the text in ``locale``; an unknown locale reads simplified Chinese."""
        if locale == "en":
            return self.en
        if locale == "zh-TW":
            told = self.tw if self.tw is not None else to_taiwan(self.zh)
            return told.translate(_QUOTES)
        return self.zh

    def filled(self, locale: str, params: Mapping[str, object]) -> str:
        """Return the text with its ``{names}`` filled in; a :class:`T` among them is translated."""
        told = {k: v.in_(locale) if isinstance(v, T) else v for k, v in params.items()}
        return self.in_(locale).format_map(told) if told else self.in_(locale)


@lru_cache(maxsize=512)
def preferred_locale(accept_language: str) -> str:
    """Return the best of :data:`LOCALES` for an Accept-Language header (RFC 9110, 12.5.4)."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        ranked.append((-quality, place, tag.lower()))
    for _, _, tag in sorted(ranked):
        if tag.startswith(("zh-tw", "zh-hk", "zh-mo", "zh-hant")):
            return "zh-TW"
        if tag.startswith("zh"):
            return "zh-CN"
        if tag.startswith("en"):
            return "en"
    return DEFAULT_LOCALE
