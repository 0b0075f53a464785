"""The words of the public pages, from the same catalogues as the page of those who sign in."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import Request

from app.core.http import locale_of
from app.core.labels import LOCALES

LOCALE_COOKIE = "park_lang"
SIZE_COOKIE = "park_size"
SIZES = ("normal", "large")
_HOST = "__Host-"  # what such a cookie holds no other host has written
_AREAS = ("portal", "house")
_HERE = Path(__file__).resolve().parent


def shared(name: str, source: str) -> Path:
    """Return what the page of web/ has too: beside this module in the wheel, else in web/."""
    shipped = _HERE / name
    return shipped if shipped.exists() else _HERE.parents[2] / "web" / "src" / source


@cache
def catalogue(locale: str) -> Mapping[str, str]:
    """Return the texts of a language by their whole keys, ``portal.home.title``."""
    folder = shared("locales", "locales") / locale
    found: dict[str, str] = {}
    for area in _AREAS:
        _gather(json.loads((folder / f"{area}.json").read_text("utf-8")), area, found)
    return found


def _gather(texts: Mapping[str, object], path: str, found: dict[str, str]) -> None:
    for key, value in texts.items():
        if isinstance(value, dict):
            _gather(value, f"{path}.{key}", found)
        else:
            found[f"{path}.{key}"] = str(value)


def told(locale: str, key: str, **values: object) -> str:
    """Return a text in ``locale`` with its ``{places}`` filled in."""
    text = catalogue(locale)[key]
    return text.format_map(values) if values else text


def spoken(request: Request) -> str:
    """Return the language to answer in: asked for now, chosen before, else the browser's."""
    asked = (request.query_params.get("lang"), _kept(request, LOCALE_COOKIE))
    return next((one for one in asked if one in LOCALES), None) or locale_of(request)


def size_of(request: Request) -> str:
    """Return the size of the letters: asked for now, chosen before, else normal."""
    asked = (request.query_params.get("size"), _kept(request, SIZE_COOKIE))
    return next((one for one in asked if one in SIZES), None) or SIZES[0]


def cookie_name(request: Request, name: str) -> str:
    """Return what a cookie of ours is called here: over TLS out of other hosts' reach."""
    return f"{_HOST}{name}" if request.url.scheme == "https" else name


def _kept(request: Request, name: str) -> str | None:
    return request.cookies.get(f"{_HOST}{name}") or request.cookies.get(name)
