"""The two lists of security/: which requirement is answered by what, read and typed."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

_APP = Path(__file__).resolve().parent.parent
NAMES = ("mlps", "asvs")


class Status(StrEnum):
    """How a requirement is answered."""

    test = "test"
    config = "config"
    doc = "doc"
    na = "na"
    open = "open"


class Short(BaseModel):
    """A few words of ours on a requirement."""

    model_config = ConfigDict(extra="forbid")

    zh: str = ""
    en: str


class Entry(BaseModel):
    """The answer to one requirement; what its status asks for is there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: int
    in_short: Short
    status: Status
    evidence: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    reason: str = ""

    @model_validator(mode="after")
    def _whole(self) -> "Entry":
        if self.status in {Status.na, Status.open} and not self.reason:
            raise ValueError(f"`{self.status}` says why")
        if self.status is Status.test and not any("::" in one for one in self.evidence):
            raise ValueError("`test` names a test")
        if self.status in {Status.config, Status.doc} and not self.evidence:
            raise ValueError(f"`{self.status}` names a file")
        return self


_LIST = TypeAdapter(dict[str, Entry])


def place(name: str) -> Path:
    """Return where a list lies: in the source tree, else in the installed package.

    Raises FileNotFoundError.
    """
    for folder in (_APP.parent / "security", _APP / "evidence" / "data"):
        if (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    raise FileNotFoundError(name)


@lru_cache
def read(name: str) -> Mapping[str, Entry]:
    """Return a list by its ids. Raises ValidationError where an entry is not whole."""
    return parsed(place(name).read_text("utf-8"))


def parsed(text: str) -> Mapping[str, Entry]:
    """Return the entries of a list. Raises ValidationError."""
    return _LIST.validate_python(yaml.safe_load(text))
