"""Imports and exports from the command line, as an account: its rights, its scope, its trail."""

import asyncio
import getpass
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import typer

from app.access.impersonation import acting_as
from app.access.roles import Role
from app.audit.work import Caller, Work
from app.core import db
from app.core.errors import Problem
from app.core.sheets.messages import text_of
from app.registers import exporting, import_checking, importing
from app.registers.directory import AnyRegister, named, open_to
from app.registers.filters import query_model
from app.registers.import_batches import rows_of
from app.registers.sheet_files import Form
from app.registers.tables import ImportBatch, ImportRow

_WORDS = {
    "create": "to create",
    "update": "to update",
    "unchanged": "unchanged",
    "bad": "bad",
    "written": "written",
}


def import_file(register: str, path: Path, username: str, *, commit: bool = False) -> None:
    """Check a workbook, tell every bad cell, and on ``commit`` write the good rows.

    Ends with status 1 when rows were bad.
    """
    data = path.read_bytes()
    bad = _run(lambda: _imported(register, (path.name, data), username, commit=commit))
    if bad:
        raise typer.Exit(1)


def export(register: str, fmt: str, username: str, out: Path) -> None:
    """Write what the account may see of a register to ``out``."""
    data = _run(lambda: _exported(register, Form(fmt), username))
    out.write_bytes(data)


def run_as(username: str, doing: Callable[[Work], Coroutine[Any, Any, Any]]) -> Any:
    """Run something as an account, under whichever of its roles; return what it returns."""

    async def working() -> Any:
        async with _working(username, frozenset()) as work:
            return await doing(work)

    return _run(working)


def _run(doing: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run and put the connections away; a refusal is a sentence and status 1, no traceback."""

    async def done() -> Any:
        try:
            return await doing()
        finally:
            await db.close()

    try:
        return asyncio.run(done())
    except Problem as refusal:
        typer.echo(refusal.detail.filled("zh-CN", refusal.params), err=True)
        for error in refusal.errors:
            typer.echo(f"  {error.text.filled('zh-CN', error.params)}", err=True)
        raise typer.Exit(1) from None


@asynccontextmanager
async def _working(username: str, preferred: frozenset[Role]) -> AsyncIterator[Work]:
    operator = f"park ({getpass.getuser()})"
    async with acting_as(username, preferred) as (session, actor):
        caller = Caller(request_id=operator[:40], user_agent=operator)
        yield Work(session, actor, actor.locale, caller)


def _seen(name: str, work: Work) -> AnyRegister:
    return open_to(name, work.actor.role)


async def _imported(name: str, file: tuple[str, bytes], username: str, *, commit: bool) -> int:
    async with _working(username, named(name).rights.import_) as work:
        register = _seen(name, work)
        file_name, data = file
        batch = await import_checking.check(work, register, data, file_name)
        rows = await rows_of(work, batch)
        _tell(work, batch, rows)
        bad = sum(row.outcome == "bad" for row in rows)
        if commit and any(row.outcome in ("create", "update") for row in rows):
            await importing.commit(work, register, batch.id)
            rows = await rows_of(work, batch)
            typer.echo(f"{sum(row.outcome == 'written' for row in rows)} written.")
        elif not commit:
            typer.echo("Nothing was written; --commit writes the good rows.")
    return bad


def _tell(work: Work, batch: ImportBatch, rows: list[ImportRow]) -> None:
    """Print what a dry run found: every bad cell by row, column and reason."""
    for column in batch.columns:
        if column["text"] and not column["field"]:
            typer.echo(f"column {column['letter']} ({column['text']}): not read")
    for ignored in batch.ignored:
        reason = text_of(f"ignored.{ignored['reason']}", work.locale)
        typer.echo(f"row {ignored['row']}: {reason}")
    for row in rows:
        for error in row.errors:
            place = f", column {error['column']} ({error['header']})" if error["column"] else ""
            value = f" [{error['value']}]" if error["value"] else ""
            typer.echo(f"row {error['row']}{place}: {error['messages'][work.locale]}{value}")
    counts = Counter(row.outcome for row in rows)
    told = ", ".join(f"{counts[name]} {words}" for name, words in _WORDS.items() if counts[name])
    typer.echo(f"{len(rows)} rows: {told or 'none'}; {len(batch.ignored)} ignored.")


async def _exported(name: str, form: Form, username: str) -> bytes:
    async with _working(username, named(name).rights.export) as work:
        register = _seen(name, work)
        data, _ = await exporting.export(work, register, query_model(register)(), form)
        return data
