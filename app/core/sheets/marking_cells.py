"""Cells of a sheet coloured in place: a style of their own, all else of the sheet as it was."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.sheets.headers import column_letter
from app.core.sheets.ooxml import (
    RELATIONS,
    Attributes,
    Patch,
    Unpatchable,
    is_closed,
    prefix_of,
    tag_end,
    walk,
    with_attribute,
)

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FILL = (
    '<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FFFDE2E0"/></{p}patternFill>'
    "</{p}fill>"
)
_AREA = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)")
#: What stands behind the place of the drawing of comments in a sheet.
_BEHIND = frozenset(
    (
        *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
        *("webPublishItems", "tableParts", "extLst", "AlternateContent"),
    )
)
Place = tuple[int, int]  # row from 1, column from 0


@dataclass(slots=True)
class Styles:
    """The styles of a workbook: each asked for once more, with the colour of what is wrong."""

    data: bytes
    formats: list[tuple[int, int]] = field(default_factory=list)
    fills: int = 0
    asked: dict[int, int] = field(default_factory=dict)
    _groups: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        above: list[str] = []
        begun: list[int] = []

        def started(name: str, _: Attributes, at: int) -> None:
            above.append(name)
            begun.append(at)

        def ended(name: str, at: int) -> None:
            above.pop()
            start = begun.pop()
            if above[1:] == ["cellXfs"] and name == "xf":
                closed = is_closed(self.data, start)
                self.formats.append((start, tag_end(self.data, start if closed else at)))
            elif above[1:] == ["fills"] and name == "fill":
                self.fills += 1
            elif len(above) == 1 and name in ("fills", "cellXfs"):
                self._groups[name] = (start, at)

        walk(self.data, started, ended)
        if set(self._groups) != {"fills", "cellXfs"} or not self.formats or not self.fills:
            raise Unpatchable("styles")

    def wrong(self, style: int) -> int:
        """Return the style that looks like ``style``, coloured."""
        known = style if style < len(self.formats) else 0
        return self.asked.setdefault(known, len(self.formats) + len(self.asked))

    def done(self) -> bytes:
        patch = Patch(self.data)
        start, end = self._groups["fills"]
        patch.insert(end, _FILL.format(p=prefix_of(self.data, start)).encode())
        self._count(patch, start, self.fills + 1)
        start, end = self._groups["cellXfs"]
        self._count(patch, start, len(self.formats) + len(self.asked))
        for style in self.asked:
            first, last = self.formats[style]
            cut = tag_end(self.data, first)
            tag = with_attribute(self.data[first:cut], fillId=str(self.fills), applyFill="1")
            patch.insert(end, tag + self.data[cut:last])
        return patch.done()

    def _count(self, patch: Patch, at: int, count: int) -> None:
        end = tag_end(self.data, at)
        patch.replace(at, end, with_attribute(self.data[at:end], count=str(count)))


class SheetPatch:
    """One sheet being coloured."""

    def __init__(self, data: bytes, styles: Styles, wanted: Mapping[int, list[int]]) -> None:
        if MAIN not in data[:4000]:
            raise Unpatchable("dialect")
        self.data, self.styles, self.wanted = data, styles, wanted
        self.patch = Patch(data)
        self.drawing: str | None = None  # the relation of the drawing its comments have already
        self._drawn_at: int | None = None
        self._depth = 0
        self._row, self._row_at, self._row_style, self._column = 0, 0, 0, -1
        self._left: list[int] = []
        walk(data, self._started, self._ended)

    def draw(self, relation: str) -> None:
        """Point to the drawing of the comments."""
        if self._drawn_at is None:
            raise Unpatchable("sheet")
        p = prefix_of(self.data, self.data.rindex(b"</"))
        piece = f'<{p}legacyDrawing xmlns:r="{RELATIONS}" r:id="{relation}"/>'
        self.patch.insert(self._drawn_at, piece.encode())

    def _started(self, name: str, told: Attributes, at: int) -> None:
        self._depth += 1
        if name == "c" and self._left:
            self._cell(told, at)
        elif name == "row":
            self._row = int(told.get("r", self._row + 1))
            self._row_at, self._column = at, -1
            own = told.get("customFormat") in ("1", "true")
            self._row_style = int(told.get("s", 0)) if own else 0
            self._left = list(self.wanted.get(self._row, ()))
        elif self._depth == 2:  # noqa: PLR2004 -- a child of the sheet itself
            if name == "legacyDrawing":
                self.drawing = next((v for k, v in told.items() if k.endswith(":id")), None)
            elif name in _BEHIND and self._drawn_at is None:
                self._drawn_at = at

    def _ended(self, name: str, at: int) -> None:
        self._depth -= 1
        if name == "row" and self._left:
            self._fill_row(at)
        elif self._depth == 0 and self._drawn_at is None:
            self._drawn_at = at

    def _cell(self, told: Attributes, at: int) -> None:
        address = told.get("r")
        self._column = place_of(address)[1] if address else self._column + 1
        while self._left and self._left[0] < self._column:
            self.patch.insert(at, self._blank(self._left.pop(0)))
        if self._left and self._left[0] == self._column:
            self._left.pop(0)
            end = tag_end(self.data, at)
            style = self.styles.wrong(int(told.get("s", 0)))
            self.patch.replace(at, end, with_attribute(self.data[at:end], s=str(style)))

    def _blank(self, column: int) -> bytes:
        p = prefix_of(self.data, self._row_at)
        address = f"{column_letter(column)}{self._row}"
        return f'<{p}c r="{address}" s="{self.styles.wrong(self._row_style)}"/>'.encode()

    def _fill_row(self, at: int) -> None:
        cells = b"".join(self._blank(column) for column in self._left)
        self._left = []
        if not is_closed(self.data, self._row_at):
            self.patch.insert(at, cells)
            return
        end = tag_end(self.data, self._row_at)
        p = prefix_of(self.data, self._row_at)
        self.patch.replace(end - 2, end, b">" + cells + f"</{p}row>".encode())


def place_of(address: str) -> Place:
    """Return row and column of an address such as AB12."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters.replace("$", ""):
        column = column * 26 + ord(letter) - 64
    return int(address[len(letters) :]), column - 1


def merged_areas(data: bytes) -> list[tuple[Place, Place]]:
    """Return the merged areas of a sheet, first and last cell of each."""
    return [
        (place_of((a + b).decode()), place_of((c + d).decode()))
        for a, b, c, d in _AREA.findall(data)
    ]
