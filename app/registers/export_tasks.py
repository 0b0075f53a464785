"""A large export as long work: the file waits for whoever asked, wherever they are by then."""

from typing import Any

from pydantic import BaseModel

from app.audit.work import Work
from app.core.labels import T
from app.registers import directory, exporting, reading, tasks
from app.registers.directory import AnyRegister
from app.registers.filters import ListQuery, fields_asked, query_model
from app.registers.sheet_files import MEDIA_TYPES, Form, dated

KIND = "export"


class Wanted(BaseModel):
    register_name: str
    form: Form
    query: dict[str, Any]


@tasks.whole(
    KIND,
    T("导出", "Export"),
    Wanted,
    phases={"reading": T("读取记录", "Reading records"), "file": T("生成文件", "Making the file")},
    alone=False,
)
async def export(work: Work, run: tasks.Run[Wanted]) -> tasks.Done:
    """Write what the list shows, as it was asked for, into a file."""
    wanted = run.params
    register = directory.open_to(wanted.register_name, work.actor.role)
    query = query_model(register).model_validate(wanted.query)
    total = await reading.counted(work, register, query)

    async def tell(done: int, _: int | None, phase: str) -> None:
        await run.tell(done, total, phase)

    data, count = await exporting.export(work, register, query, wanted.form, tell)
    name = dated(register.label.in_(work.locale), wanted.form)
    return tasks.Done({"rows": count}, tasks.Made(name, MEDIA_TYPES[wanted.form], data))


async def ask(work: Work, register: AnyRegister, query: ListQuery, form: Form) -> tasks.TaskRun:
    """Ask for an export. Raises Forbidden, Invalid for fields or filters there are not."""
    exporting.require_export(work, register)
    fields_asked(register, work.actor, query)
    reading.scope(register, work, query)
    told = query.model_dump(mode="json", exclude_unset=True)
    wanted = Wanted(register_name=register.name, form=form, query=told)
    title = f"{register.label.in_(work.locale)} · {form.value.upper()}"
    return await tasks.ask(work, KIND, wanted, register=register.name, title=title)
