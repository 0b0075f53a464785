"""Hostile archives: bombs, lies, overlaps, climbing names, macros, entities in office documents."""

import io
import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping

File = tuple[str, bytes]
_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
).encode()
_LINKS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
_HEAD = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "zip": "a.txt"}
_ENTITIES: Mapping[str, bytes] = {
    "laughs": b"<!DOCTYPE x ["
    b'<!ENTITY a0 "lol">'
    + b"".join(b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>",
    "quadratic": b'<!DOCTYPE x [<!ENTITY a9 "' + b"x" * 50_000 + b'">]>',
    "xxe file": b'<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>',
    "xxe http": b'<!DOCTYPE x [<!ENTITY a9 SYSTEM "http://127.0.0.1:9/x">]>',
    "external dtd": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "parameter": b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
}
_CLIMBING = (
    "../../etc/cron.d/x",
    "..\\..\\windows\\x",
    "/etc/passwd",
    "C:\\windows\\x",
    "a/../../b",
    "\\\\server\\share\\x",
    "./../x",
    "a/..",
)
_MACROS = (
    "vbaProject.bin",
    "xl/vbaProject.bin",
    "word/vbaProject.bin",
    "ppt/VBAPROJECT.BIN",
    "xl/macrosheets/sheet1.xml",
    "xl/macroSheets/intlsheet1.xml",
    "word/activeX/activeX1.bin",
    "Basic/Standard/Module1.xml",
)


def packed(parts: Mapping[str, bytes], *, deflated: bool = True) -> bytes:
    """Return a zip of ``parts``."""
    target = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    with zipfile.ZipFile(target, "w", how) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def sheet(rows: bytes, head: bytes = b"") -> bytes:
    return (
        head
        + f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
        + rows
        + b"</sheetData></worksheet>"
    )


def workbook(extra: Mapping[str, bytes] | None = None, rows: bytes = b"") -> dict[str, bytes]:
    """Return the parts of a workbook with one sheet; ``extra`` adds parts or replaces them."""
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
    return {
        "[Content_Types].xml": _TYPES,
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _LINKS,
        "xl/worksheets/sheet1.xml": sheet(rows or cell),
        **(extra or {}),
    }


def document(ending: str, extra: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """Return the parts of the smallest document with that ending."""
    if ending == "xlsx":
        return workbook(extra)
    return {"[Content_Types].xml": _TYPES, _HEAD[ending]: b"<x/>", **(extra or {})}


def files() -> Iterator[File]:
    """Yield a name that tells the attack, with the ending it comes under, and the bytes."""
    for ending in ("xlsx", "docx", "pptx", "zip"):
        yield from _bombs(ending)
        yield from _names(ending)
        for cut in (4, 40, 200, -30):
            yield f"cut at {cut}.{ending}", packed(document(ending))[:cut]
    yield from _entities()


def _bombs(ending: str) -> Iterator[File]:
    big = b"\0" * 40_000_000
    yield f"bomb.{ending}", packed(document(ending, {"x.bin": big}))
    inner = packed({"x.bin": big})
    yield f"nested bombs.{ending}", packed(document(ending, {f"{n}.zip": inner for n in range(20)}))
    yield f"lying sizes.{ending}", _lying(packed(document(ending, {"x.bin": big[:9_000_000]})))
    yield f"overlapping.{ending}", _overlapping(ending)
    yield f"3000 entries.{ending}", packed(document(ending, {f"x/{n}": b"" for n in range(3000)}))
    yield f"locked.{ending}", _flagged(packed(document(ending)))
    yield f"program in front.{ending}", b"MZ" + bytes(510) + packed(document(ending))
    yield f"page in front.{ending}", b"%PDF-1.4\n<html>" + packed(document(ending))
    yield f"bad sum.{ending}", packed(document(ending), deflated=False).replace(b"<x/>", b"<y/>")


def _names(ending: str) -> Iterator[File]:
    for number, name in enumerate(_CLIMBING):
        yield f"climbing {number}.{ending}", packed(document(ending, {name: b"x"}))
    for number, name in enumerate(_MACROS):
        yield f"macros {number}.{ending}", packed(document(ending, {name: b"x"}))
    target = io.BytesIO(packed(document(ending)))
    with zipfile.ZipFile(target, "a") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    yield f"link.{ending}", target.getvalue()


def _entities() -> Iterator[File]:
    said = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>'
    for name, head in _ENTITIES.items():
        book = workbook({"xl/worksheets/sheet1.xml": sheet(said, head)})
        yield f"{name} in a sheet.xlsx", packed(book)
        shared = head + f'<sst xmlns="{_MAIN}"><si><t>&a9;</t></si></sst>'.encode()
        yield f"{name} in texts.xlsx", packed(workbook({"xl/sharedStrings.xml": shared}))
        yield f"{name} in a book.xlsx", packed(workbook({"xl/workbook.xml": head + _BOOK}))
        yield f"{name}.docx", packed(document("docx", {"word/document.xml": head + b"<x>&a9;</x>"}))
        yield (
            f"{name}.ods",
            packed(
                {
                    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                    "content.xml": head + b"<office>&a9;</office>",
                }
            ),
        )
        yield (
            f"{name}.svg",
            head + b'<svg xmlns="http://www.w3.org/2000/svg"><text>&a9;</text></svg>',
        )
    yield "deep.xlsx", packed(workbook(rows=b"<a>" * 200_000))


def _lying(data: bytes) -> bytes:
    """Let the directory say that each entry unpacks to ten bytes."""
    made, at = bytearray(data), data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", made, at + 24, 10)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(made)


def _flagged(data: bytes) -> bytes:
    """Let the directory say that each entry is encrypted."""
    made, at = bytearray(data), data.find(b"PK\x01\x02")
    while at >= 0:
        made[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(made)


def _overlapping(ending: str) -> bytes:
    """Name one packed body many times in the directory (CVE-2024-0450)."""
    data = packed(document(ending, {"x.bin": b"\0" * 2_000_000}))
    end = data.rfind(b"PK\x05\x06")
    size, start = struct.unpack_from("<II", data, end + 12)
    directory = data[start : start + size]
    last = directory[directory.rfind(b"PK\x01\x02") :]
    many = directory + last * 500
    count = struct.unpack_from("<H", data, end + 10)[0] + 500
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, count, count, len(many))
    return data[:start] + many + bytes(tail)
