"""A workbook of Excel as its parts: read, patched at single places, everything else byte for byte.

Libraries that load a whole workbook and write it anew lose what they do not know (charts, pictures,
newer conditional formats). Here a part changes only where something is put in.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

Attributes = Mapping[str, str]
Start = Callable[[str, Attributes, int], None]
End = Callable[[str, int], None]

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPES = "[Content_Types].xml"
_OTHER = re.compile(rb"\A\s*<\?xml[^>]*encoding=['\"](?!utf-?8['\"])", re.IGNORECASE)


class Unpatchable(Exception):
    """The workbook is written in a way that is not patched; its cells can still be read."""


@dataclass(slots=True)
class Patch:
    """Pieces to be put into a part, in any order."""

    data: bytes
    pieces: list[tuple[int, int, bytes]] = field(default_factory=list)

    def insert(self, at: int, piece: bytes) -> None:
        self.pieces.append((at, at, piece))

    def replace(self, start: int, end: int, piece: bytes) -> None:
        self.pieces.append((start, end, piece))

    def done(self) -> bytes:
        out = []
        last = 0
        for start, end, piece in sorted(self.pieces, key=lambda one: one[:2]):
            out += [self.data[last:start], piece]
            last = end
        return b"".join([*out, self.data[last:]])


def walk(data: bytes, start: Start, end: End) -> None:
    """Tell every element's local name, attributes and place in the bytes. Raises Unpatchable."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _OTHER.match(data):
        raise Unpatchable("encoding")
    parser = expat.ParserCreate()

    def refused(*_: object) -> None:
        raise Unpatchable("entities")

    parser.StartElementHandler = lambda name, attributes: start(
        name.rpartition(":")[2], attributes, parser.CurrentByteIndex
    )
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2], parser.CurrentByteIndex)
    parser.EntityDeclHandler = refused
    try:
        parser.Parse(data, True)  # noqa: FBT003 -- expat's own signature
    except expat.ExpatError as error:
        raise Unpatchable(str(error)) from error


def tag_end(data: bytes, at: int) -> int:
    """Return where the start tag at ``at`` ends, behind its ``>``."""
    return data.index(b">", at) + 1


def is_closed(data: bytes, at: int) -> bool:
    """Say whether the element at ``at`` is written without an end tag."""
    end = tag_end(data, at)
    return data[end - 2 : end] == b"/>"


def prefix_of(data: bytes, at: int) -> str:
    """Return the namespace prefix an element is written with, colon included, or nothing."""
    name = re.match(rb"</?([\w.-]+:)?", data[at : at + 100])
    return (name[1] or b"").decode() if name else ""


def with_attribute(tag: bytes, **values: str) -> bytes:
    """Return a start tag with attributes set."""
    for name in values:
        tag = re.sub(rb"\s%b=(?:\"[^\"]*\"|'[^']*')" % name.encode(), b"", tag)
    told = "".join(f' {name}="{value}"' for name, value in values.items()).encode()
    name_end = re.match(rb"<[\w.:-]+", tag)
    if name_end is None:
        raise Unpatchable("tag")
    return tag[: name_end.end()] + told + tag[name_end.end() :]


def appended(data: bytes, element: str, piece: bytes) -> bytes:
    """Return a part with ``piece`` at the end of its first ``element``. Raises Unpatchable."""
    places: list[int] = []

    def started(name: str, _: Attributes, at: int) -> None:
        if name == element and is_closed(data, at):
            raise Unpatchable(element)

    def ended(name: str, at: int) -> None:
        if name == element and not places:
            places.append(at)

    walk(data, started, ended)
    if not places:
        raise Unpatchable(element)
    return data[: places[0]] + piece + data[places[0] :]


@dataclass(slots=True)
class Package:
    """The parts of a workbook by name."""

    parts: dict[str, bytes]

    @classmethod
    def opened(cls, data: bytes) -> "Package":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return cls({entry.filename: archive.read(entry) for entry in archive.infolist()})

    def saved(self) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
            for name, data in self.parts.items():
                archive.writestr(name, data)
        return target.getvalue()

    def part(self, name: str) -> bytes:
        """Return a part. Raises Unpatchable where there is none."""
        if name not in self.parts:
            raise Unpatchable(name)
        return self.parts[name]

    def fresh(self, name: str) -> str:
        """Return a name no part has: ``xl/comments{}.xml`` with a number."""
        return next(n for i in range(1, 10_000) if (n := name.format(i)) not in self.parts)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relations of a part: kind and target by id."""
        found: dict[str, tuple[str, str]] = {}

        def started(name: str, told: Attributes, _: int) -> None:
            if name == "Relationship" and told.get("TargetMode") != "External":
                target = posixpath.join(posixpath.dirname(part), told["Target"])
                path = posixpath.normpath(target).lstrip("/")
                found[told["Id"]] = (told["Type"].rpartition("/")[2], path)

        data = self.parts.get(_relations_of(part))
        if data is not None:
            walk(data, started, lambda *_: None)
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation of a part to another; return its id."""
        name = _relations_of(part)
        data = self.parts.get(name, b"")
        ids = set(re.findall(rb"\bId=[\"']([^\"']+)", data))
        made = next(i for n in range(1, 10_000) if (i := f"rIdPark{n}").encode() not in ids)
        piece = (
            f'<Relationship xmlns="{_PACKAGE}" Id="{made}" Type="{RELATIONS}/{kind}"'
            f' Target="/{target}"/>'
        ).encode()
        if not data or is_closed(data, data.index(b"<Relationships")):
            head = f'{_HEAD}<Relationships xmlns="{_PACKAGE}">'.encode()
            self.parts[name] = head + piece + b"</Relationships>"
        else:
            self.parts[name] = appended(data, "Relationships", piece)
        return made

    def declare(self, part: str, media_type: str) -> None:
        """Say what a new part is."""
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        piece = f'<Override xmlns="{types}" PartName="/{part}" ContentType="{media_type}"/>'
        self.parts[_TYPES] = appended(self.part(_TYPES), "Types", piece.encode())


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"
