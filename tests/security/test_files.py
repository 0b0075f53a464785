"""Files from outside: bounded while they come, what they say they are, never a path, never run."""

import io
import tracemalloc
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.datastructures import Headers, UploadFile

from app.core import files, spa
from app.core.errors import Invalid, TooLarge
from app.core.settings import Settings

_PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
_PE = b"MZ\x90\0" + b"\0" * 64


class _Endless(io.RawIOBase):
    """Gives bytes for ever, and counts them."""

    given = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"x" * size


def _archive(*names: str, content: bytes = b"x") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return kept.getvalue()


async def test_a_file_too_large_is_refused_while_it_comes() -> None:
    endless = _Endless()
    upload = UploadFile(endless, filename="x.txt", headers=Headers())  # type: ignore[arg-type]
    with pytest.raises(TooLarge):
        await files.read_upload(upload)
    assert endless.given <= files.LARGEST + (2 << 20)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.png", _PE),
        ("x.pdf", _PNG),
        ("x.docx", b"no archive"),
        ("x.docx", _archive("xl/workbook.xml")),
        ("x.xlsx", _archive("word/document.xml")),
        ("x.txt", b"text\0program"),
        ("x.exe", _PE),
        ("x.svg", b"<svg onload=alert(1)>"),
        ("x.html", b"<script>"),
        ("x.pdf.js", b"alert(1)"),
        ("x", b"%PDF-1.7"),
        ("x.zip", _PNG),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(Invalid):
        files.checked_type(name, data)


@pytest.mark.parametrize(
    "names", [("../x",), ("/etc/x",), ("a/../../x",), ("..\\x",), ("word/vbaProject.bin",)]
)
def test_an_archive_that_climbs_or_holds_macros_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        files.checked_type("x.zip", _archive(*names))


def test_a_bomb_is_refused_by_its_directory() -> None:
    """It is never unpacked: what it would become is read from its directory."""
    bomb = _archive(*(f"{n}.txt" for n in range(8)), content=b"\0" * 50_000_000)
    tracemalloc.start()
    with pytest.raises(Invalid):
        files.checked_type("x.zip", bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize(
    "name",
    [
        *("../../etc/passwd", "..\\..\\windows\\system.ini", "/etc/shadow", "C:\\x", "a/b/../c"),
        *("x\r\nSet-Cookie: a=b.txt", "x\0.txt", '"; filename="y.html', "\u202egpj.exe", "..", ""),
    ],
)
def test_a_name_never_becomes_a_path(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = files.safe_name(name)
    assert told not in {"", ".", ".."}
    assert not set("/\\\0\r\n\u202e") & set(told)
    monkeypatch.setattr(files, "get_settings", lambda: Settings(home=tmp_path))
    digest = files.store(name.encode())
    place = files.path_of(digest)
    assert place.resolve().is_relative_to(tmp_path.resolve())
    assert place.name == digest
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [digest]


@pytest.mark.parametrize("name", ['a"; x="y', "a\r\nX-Evil: 1", "专利.pdf", "a;b,c", "%0d%0aX: 1"])
async def test_a_name_cannot_break_the_header_it_stands_in(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.registers import attachments, reading

    found = SimpleNamespace(name=files.safe_name(name), media_type="text/plain", sha256="x")

    async def one(*_: Any) -> Any:
        return found

    (tmp_path / "x").write_bytes(b"x")
    monkeypatch.setattr(attachments, "_one", one)
    monkeypatch.setattr(reading, "one", one)
    monkeypatch.setattr(attachments, "_may_open", lambda *_: True)
    monkeypatch.setattr(files, "path_of", lambda _: tmp_path / "x")
    nobody: Any = None
    answer = await attachments.contents(nobody, nobody, nobody, nobody)
    told = answer.headers["content-disposition"]
    assert told.startswith("attachment; filename*=UTF-8''")
    assert not set(told.partition("''")[2]) & set('"\r\n;, ')
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x-evil" not in answer.headers


def test_nothing_uploaded_lies_where_files_are_served() -> None:
    page = spa.built_page()
    kept = Settings().home / "files"
    assert page is None or not kept.resolve().is_relative_to(page.resolve())
    assert page is None or not page.resolve().is_relative_to(kept.resolve())
