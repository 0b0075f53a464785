"""Files under their own SHA-256: never the user's name as a path, never a half-written file."""

import hashlib
import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import filetype
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from app.core.errors import FieldError, Invalid, TooLarge
from app.core.labels import T
from app.core.settings import get_settings

LARGEST = 20 * 1024 * 1024  # bytes
_NAME = 200  # characters
_MOST_RATIO = 200
_MOST_UNPACKED = 300 * 1024 * 1024
_OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_KNOWN = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "zip": "application/zip",
    "txt": "text/plain",
    "csv": "text/csv",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
} | _OFFICE
_TEXTS = frozenset({"txt", "csv"})

_TOO_LARGE = T(
    "文件超过 20 MB，没有上传；请压缩或拆分后再上传。",
    "The file is larger than 20 MB and was not taken; compress or split it.",
)
_EMPTY = T(
    "文件是空的，没有上传；请检查后重新选择文件。",
    "The file is empty and was not taken; check it and choose again.",
)
_KIND = T("不接受这种文件。可以上传：{kinds}。", "Such files are not accepted. Possible: {kinds}.")
_NOT_SO = T(
    "文件内容与扩展名 .{ending} 不符，没有上传；请用原来的软件打开，另存后再上传。",
    "The content is not what its ending .{ending} says; open it in its own program, save it again"
    " and upload that.",
)
_UNSAFE = T(
    "文件带有宏或压缩内容异常，为安全起见没有上传；请另存为不含宏的文件再上传。",
    "The file holds macros or an unsound archive and was not taken, for safety; save it without"
    " macros and upload that.",
)


@dataclass(frozen=True, slots=True)
class Received:
    """An upload that was checked and stored."""

    name: str
    media_type: str
    size: int
    sha256: str


async def read_upload(upload: UploadFile, largest: int = LARGEST) -> bytes:
    """Return the bytes of an upload, counted while they come. Raises TooLarge, Invalid."""
    taken = bytearray()
    while chunk := await upload.read(1 << 20):
        taken += chunk
        if len(taken) > largest:
            raise TooLarge(_TOO_LARGE)
    if not taken:
        raise Invalid.of(FieldError("/file", "empty", _EMPTY))
    return bytes(taken)


async def receive(upload: UploadFile) -> Received:
    """Check an upload and store it. Raises TooLarge, Invalid."""
    data = await read_upload(upload)
    name = safe_name(upload.filename or "file")
    media_type = checked_type(name, data)
    digest = await run_in_threadpool(store, data)
    return Received(name, media_type, len(data), digest)


def safe_name(name: str) -> str:
    """Return the file's own name without path and control characters, at most 200 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if c.isprintable()).strip(" .") or "file"
    return clean if len(clean) <= _NAME else clean[: _NAME - 20] + clean[-20:]


def checked_type(name: str, data: bytes) -> str:
    """Return the media type, when ending and content agree. Raises Invalid."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in _KNOWN:
        kinds = "、".join(sorted(_KNOWN))
        raise Invalid.of(FieldError("/file", "kind", _KIND, {"kinds": kinds}))
    if not _agrees(ending, data):
        raise Invalid.of(FieldError("/file", "content", _NOT_SO, {"ending": ending}))
    return _KNOWN[ending]


def _agrees(ending: str, data: bytes) -> bool:
    if ending in _TEXTS:
        return b"\0" not in data[:4096]
    if ending in _OFFICE or ending == "zip":
        return _sound_archive(data, ending)
    guessed = filetype.guess_extension(data)
    return bool(guessed == {"jpeg": "jpg"}.get(ending, ending))


def _sound_archive(data: bytes, ending: str) -> bool:
    """Say whether a zip is what it says; refuse bombs, paths that climb out, macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    unpacked = sum(entry.file_size for entry in entries)
    names = [entry.filename for entry in entries]
    climbing = any(_climbs(name) for name in names)
    macros = any(n.lower().endswith("vbaproject.bin") for n in names)
    bomb = unpacked > _MOST_UNPACKED or unpacked > _MOST_RATIO * max(len(data), 1)
    if climbing or macros or bomb:
        raise Invalid.of(FieldError("/file", "unsafe", _UNSAFE))
    folder = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}.get(ending, "")
    return not folder or any(n.startswith(folder) for n in names)


def _climbs(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return not parts[0] or ".." in parts


def store(data: bytes) -> str:
    """Write ``data`` under its SHA-256 and return that; durable before it returns."""
    digest = hashlib.sha256(data).hexdigest()
    target = path_of(digest)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, delete=False) as draft:
        try:
            draft.write(data)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).rename(target)
        except OSError:  # a full disk: half a file must not take up what is left
            Path(draft.name).unlink(missing_ok=True)
            raise
    _sync(target.parent)
    return digest


def _sync(folder: Path) -> None:
    """Make the names in a folder durable, as fsync makes the content of a file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def path_of(digest: str) -> Path:
    """Return where the file with this SHA-256 lies."""
    return get_settings().home / "files" / digest[:2] / digest[2:4] / digest
