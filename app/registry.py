"""The house's table of contents: every floor's registers, entered into the directory at import."""

from collections.abc import Mapping

import app.access.tables
import app.audit.seals
import app.audit.trail
import app.catalogues.workdays
import app.registers.approvals.tables
import app.registers.doubles.tables
import app.registers.revealing.tables
import app.registers.tables
import app.registers.tasks.table  # noqa: F401 -- these nine fill the metadata
from app import ledgers, libraries
from app.catalogues.codes import code_label, code_table
from app.core.labels import LOCALES
from app.matching import contents as matching
from app.registers import directory
from app.registers.showing import read_codes_with

FLOORS = (ledgers, libraries, matching)
_SHORT = 60  # codes; a longer catalogue is searched, not listed


class _Catalogues:
    """The code tables as the engine asks for them."""

    def label(self, scheme: str, code: str, locale: str) -> str | None:
        return code_label(scheme, code, locale)

    def choices(self, scheme: str) -> list[tuple[str, Mapping[str, str]]]:
        entries = code_table(scheme).entries.values()
        if len(entries) > _SHORT:
            return []
        return [(e.code, {locale: e.label(locale) for locale in LOCALES}) for e in entries]


read_codes_with(_Catalogues())
REGISTERS = tuple(register.built() for floor in FLOORS for register in floor.REGISTERS)
directory.enter(REGISTERS)
