"""Versions on the wire: ``ETag: "3"`` out, ``If-Match: "3"`` back in (RFC 9110, 13.1.1)."""

from typing import Annotated

from fastapi import Depends, Header

from app.core.errors import Stale, VersionRequired
from app.core.labels import T

_DIGITS = 9
_NO_VERSION = T(
    "If-Match 中的版本号不属于这条记录；请重新读取记录，再写明所读的版本号。",
    "If-Match is no version of this record; read the record again and send the version you read.",
)
_REQUIRED = T(
    "请先读取记录，并在 If-Match 中写明所读的版本号。",
    'Read the record first and send If-Match: "<version you read>".',
)


async def _if_match(
    if_match: Annotated[
        str | None, Header(description='The version read, as in `ETag`: `"3"`. Required (428).')
    ] = None,
) -> int:
    if if_match is None:
        raise VersionRequired(_REQUIRED)
    # nginx weakens the ETag of what it zips
    version = if_match.strip().removeprefix("W/").strip('"')
    if not version.isdecimal() or len(version) > _DIGITS:
        raise Stale(_NO_VERSION)
    return int(version)


IfMatch = Annotated[int, Depends(_if_match)]


def etag(version: int) -> str:
    return f'"{version}"'
