"""Comments of a sheet, beside those it has: their texts, and the boxes they open in."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from app.core.sheets.headers import column_letter
from app.core.sheets.marking_cells import MAIN, Place, place_of
from app.core.sheets.ooxml import (
    Attributes,
    Package,
    Patch,
    Unpatchable,
    is_closed,
    prefix_of,
    walk,
)

_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ID = re.compile(rb"_x0000_s(\d+)")
_MAP = re.compile(rb"(<o:idmap\b[^>]*\bdata=[\"'])([\d,]*)")
_BLOCK = 1024  # ids of shapes are handed out in blocks of so many
_LINE = 22  # characters of a line in a box

_BOX_KIND = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    ' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_EMPTY = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_BOX = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;'
    'margin-top:2pt;width:230pt;height:{height}pt;z-index:{z};visibility:hidden"'
    ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 4, {right}, 31, {bottom}, 9</x:Anchor>"
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def add_comments(
    package: Package, sheet: str, notes: Mapping[Place, str], author: str
) -> frozenset[Place]:
    """Put comments into the sheet's list; return the places that had one, and so a box, before."""
    kinds = dict(package.relations(sheet).values())
    part = kinds.get("comments")
    if part is None:
        part = package.fresh("xl/comments{}.xml")
        package.parts[part] = (
            b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><comments xmlns="'
            + MAIN
            + b'"><authors></authors><commentList></commentList></comments>'
        )
        package.declare(part, _COMMENTS)
        package.relate(sheet, "comments", part)
    package.parts[part], had = _with_comments(package.part(part), notes, author)
    return had


def _with_comments(
    data: bytes, notes: Mapping[Place, str], author: str
) -> tuple[bytes, frozenset[Place]]:
    patch = Patch(data)
    authors = 0
    place: Place | None = None
    had: set[Place] = set()
    ends: dict[str, int] = {}

    def started(name: str, told: Attributes, at: int) -> None:
        nonlocal authors, place
        authors += name == "author"
        if name in ("authors", "commentList", "text") and is_closed(data, at):
            raise Unpatchable(name)
        if name == "comment":
            place = place_of(told["ref"].partition(":")[0])

    def ended(name: str, at: int) -> None:
        if name == "text" and place is not None and place in notes:
            had.add(place)
            patch.insert(at, _run(prefix_of(data, at), "\n" + notes[place]))
        elif name in ("authors", "commentList"):
            ends[name] = at

    walk(data, started, ended)
    if set(ends) != {"authors", "commentList"}:
        raise Unpatchable("comments")
    p = prefix_of(data, ends["authors"])
    patch.insert(ends["authors"], f"<{p}author>{escape(author)}</{p}author>".encode())
    for row, column in sorted(set(notes) - had):
        head = f'<{p}comment ref="{column_letter(column)}{row}" authorId="{authors}"><{p}text>'
        run = _run(p, notes[row, column])
        tail = f"</{p}text></{p}comment>"
        patch.insert(ends["commentList"], head.encode() + run + tail.encode())
    return patch.done(), frozenset(had)


def _run(p: str, text: str) -> bytes:
    told = escape(_UNSAYABLE.sub("", text))
    return f'<{p}r><{p}t xml:space="preserve">{told}</{p}t></{p}r>'.encode()


def add_boxes(
    package: Package, sheet: str, drawing: str | None, notes: Mapping[Place, str]
) -> str | None:
    """Draw a box for each comment; return the relation of a drawing the sheet did not have."""
    part = package.relations(sheet).get(drawing or "", ("", ""))[1]
    made = None
    if not part:
        part = package.fresh("xl/drawings/vmlDrawing{}.vml")
        package.parts[part] = _EMPTY.encode()
        package.declare(part, _DRAWING)
        made = package.relate(sheet, "vmlDrawing", part)
    package.parts[part] = _with_boxes(package.part(part), notes)
    return made


def _with_boxes(data: bytes, notes: Mapping[Place, str]) -> bytes:
    end = data.rfind(b"</xml>")
    if end < 0 or b"urn:schemas-microsoft-com:office:excel" not in data:
        raise Unpatchable("drawing")
    first = max([_BLOCK, *map(int, _ID.findall(data))]) + 1
    boxes = [
        _box(first + number, number + 1, place, notes[place])
        for number, place in enumerate(sorted(notes))
    ]
    kind = "" if b'"_x0000_t202"' in data else _BOX_KIND
    blocks = range(first // _BLOCK, (first + len(boxes)) // _BLOCK + 1)

    def mapped(found: re.Match[bytes]) -> bytes:
        known = [int(n) for n in found[2].split(b",") if n]
        told = ",".join(map(str, dict.fromkeys([*known, *blocks])))
        return found[1] + told.encode()

    return _MAP.sub(mapped, data[:end]) + (kind + "".join(boxes)).encode() + data[end:]


def _box(number: int, z: int, place: Place, text: str) -> str:
    row, column = place
    lines = sum(1 + len(line) // _LINE for line in text.splitlines())
    return _BOX.format(
        id=number,
        z=z,
        height=14 * lines + 12,
        left=column + 1,
        right=column + 4,
        top=max(row - 2, 0),
        bottom=max(row - 2, 0) + lines + 1,
        row=row - 1,
        column=column,
    )
