"""Answers that are files: XLSX, CSV, JSON lines, with the name a person would give them."""

import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from fastapi import Response

from app.core.clock import today
from app.core.sheets.columns import Column
from app.core.sheets.writing import csv_chunks, jsonl_chunks, write_xlsx


class Form(StrEnum):
    """The forms an export comes in."""

    xlsx = "xlsx"
    csv = "csv"
    jsonl = "jsonl"


MEDIA_TYPES = {
    Form.xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.csv: "text/csv; charset=utf-8",
    Form.jsonl: "application/x-ndjson",
}


def dated(name: str, form: Form) -> str:
    """Return what a file made today is called."""
    return f"{name}-{today():%Y%m%d}.{form}"


def download(data: bytes, form: Form, name: str) -> Response:
    """Return ``data`` as a download called ``name`` and today's date."""
    return named_download(data, form, f"{name}-{today():%Y%m%d}.{form}")


def named_download(data: bytes, form: Form, file_name: str) -> Response:
    """Return ``data`` as a download called ``file_name``."""
    return Response(
        data,
        media_type=MEDIA_TYPES[form],
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name)}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def rendered(
    form: Form, columns: Sequence[Column], records: Iterable[Mapping[str, Any]], sheet: str
) -> bytes:
    """Return records in ``form``; no cell can become a formula."""
    if form is Form.xlsx:
        target = io.BytesIO()
        write_xlsx(target, columns, records, sheet)
        return target.getvalue()
    if form is Form.csv:
        return b"".join(csv_chunks(columns, records))
    return b"".join(jsonl_chunks(records))


def answer(
    form: Form, name: str, headers: Sequence[str], lines: Iterable[Sequence[Any]]
) -> Response:
    """Return a plain table of texts as a download."""
    columns = [Column(str(n), (header,)) for n, header in enumerate(headers)]
    records = ({str(n): value for n, value in enumerate(line)} for line in lines)
    if form is Form.jsonl:
        records = (dict(zip(headers, line, strict=True)) for line in lines)
    return download(rendered(form, columns, records, name), form, name)
