"""What the page never does, read in its source: no HTML from records, nothing from elsewhere."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
#: Names the page keeps in the browser: choices, drafts of one's own, no record of others.
_KEPT = {
    "PREFIX + key": "drafts of forms, cleared on signing out",
    "RENEWED_AT": "when the session was renewed",
    "TOUCHED_AT": "when somebody last touched the page",
    "STORED": "the language",
    "CHOSEN": "the theme",
    "draft": "a comment being written",
    "name": "widths and columns of a list",
    "place(name": "widths and columns of a list",
    "place(schema.value.name": "widths and columns of a list",
    "place.value": "widths and columns of a list",
    "keyOf(draw": "the number one promised for a draw, in this tab only",
}
_OUTSIDE = re.compile(
    r"""url\(\s*["']?(?:https?:)?//|(?:src|href|from|import|fetch)\s*[=( ]\s*["'`](?:https?:)?//"""
)
_AS_HTML = re.compile(r"v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser")
_AS_CODE = re.compile(r"\beval\(|new Function\(|setTimeout\(\s*['\"]")
_PLUGIN = re.compile(r"<(?:object|embed|applet)\b|application/x-shockwave|ActiveXObject")


def _sources(*endings: str) -> list[tuple[str, str]]:
    files = [*(WEB / "src").rglob("*"), *(WEB / "public").rglob("*"), WEB / "index.html"]
    return [
        (str(file.relative_to(WEB)), file.read_text("utf-8"))
        for file in files
        if file.suffix in endings and ".spec." not in file.name
    ]


def _where(pattern: re.Pattern[str]) -> list[str]:
    return [name for name, text in _sources(".vue", ".ts", ".js", ".html") if pattern.search(text)]


def test_nothing_of_a_record_is_rendered_as_html() -> None:
    assert len(_sources(".vue")) > 100
    assert _where(_AS_HTML) == []
    assert _where(_AS_CODE) == []


def test_no_plugin_is_asked_for() -> None:
    assert _where(_PLUGIN) == []


def test_the_page_loads_nothing_from_elsewhere() -> None:
    assert _where(_OUTSIDE) == []
    page = (WEB / "index.html").read_text("utf-8")
    assert "//" not in re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (_OUTSIDE, '<script src="https://cdn.example/x.js">'),
        (_OUTSIDE, "@import url(//fonts.example/x.css)"),
        (_AS_HTML, '<p v-html="row.title" />'),
        (_AS_CODE, "eval(text)"),
        (_PLUGIN, "<embed src=x>"),
    ],
)
def test_a_planted_line_is_found(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_no_window_listens_to_messages_of_others() -> None:
    """The only listeners are page and service worker of one origin, through their own port."""
    listening = re.compile(r"addEventListener\(\s*['\"]message['\"]|onmessage")
    assert set(_where(listening)) <= {"src/offline/worker.ts", "public/sw.js"}
    assert _where(re.compile(r"window\.postMessage|parent\.postMessage|window\.opener")) == []


def test_no_address_of_a_record_is_made_a_link_without_its_scheme_being_looked_at() -> None:
    """Links made of values: all to own paths, but one, whose shape the server checks."""
    bound = re.compile(r':href="([^"]+)"')
    known = {"asked.online_url", "bundle", "program", "providerPath", "link.href", "href"}
    for name, text in _sources(".vue"):
        for value in bound.findall(text):
            assert value in known or value.startswith(("`#", "`/")), (name, value)
    from app.matching.panels.register import _WEB_SHAPE

    for bad in ("javascript:alert(1)", "data:text/html,x", " javascript:x", "vbscript:x", "//evil"):
        assert not _WEB_SHAPE.fullmatch(bad)
    assert _WEB_SHAPE.fullmatch("https://meeting.example.cn/1")


def test_passwords_are_typed_unseen_and_may_be_pasted() -> None:
    boxes = 0
    for name, text in _sources(".vue"):
        for box in re.findall(r"<input\b[^>]*>", text, re.DOTALL):
            if "current-password" in box and "'password'" not in box.replace('"', "'"):
                assert ":type=" in box, name
            boxes += "password" in box
        assert not re.search(r"@paste\.prevent|onpaste", text), name
    assert boxes >= 3


def test_leaving_is_offered_wherever_one_is_signed_in() -> None:
    shell = (WEB / "src/app/AppShell.vue").read_text("utf-8")
    assert "<PersonMenu" in shell
    assert 'data-test="sign-out"' in (WEB / "src/app/PersonMenu.vue").read_text("utf-8")


def test_the_browser_keeps_only_what_is_named() -> None:
    keeping = re.compile(r"(?:local|session)Storage\.setItem\(\s*([^,]+?)\)?,")
    found = {key for _, text in _sources(".vue", ".ts") for key in keeping.findall(text)}
    assert found - set(_KEPT) == set()
    assert not _where(re.compile(r"indexedDB|document\.cookie\s*=")) or set(
        _where(re.compile(r"document\.cookie\s*="))
    ) <= {"src/app/kept.ts"}
    worker = (WEB / "public/sw.js").read_text("utf-8")
    told = re.search(r"const TOLD = new Set\(\[([^\]]*)\]\)", worker)
    assert told
    assert len(told[1].split(",")) == 3, "who one is and two descriptions, never a record"


def test_no_object_is_filled_by_names_from_outside() -> None:
    """No deep merge, no prototype: what comes from the server is read by names the page knows."""
    merging = re.compile(r"__proto__|Object\.setPrototypeOf|lodash|\bdeepMerge|\bmerge\(\{\}")
    assert _where(merging) == []
    told = (WEB / "tsconfig.json").read_text("utf-8")
    assert '"extends": "@vue/tsconfig/tsconfig.dom.json"' in told, "which is strict"
    assert '"strict": false' not in told
