"""The log: one JSON object a line on stderr, with the request's id and without personal data.

Values never reach it by themselves: SQL parameters, request bodies, addresses with their query and
the messages of database and validation errors (which quote values) are left out.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

#: Set by the middleware for the time of one request; answers carry it as X-Request-ID.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

QUOTING = ("sqlalchemy", "psycopg", "pydantic", "fastapi", "jose")
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
FRAMES = 12
#: JSON leaves these as they are: they end lines, steer terminals, or turn the order of letters.
STEERING = {
    code: f"\\u{code:04x}"
    for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


class JsonLines(logging.Formatter):
    """A record as one line of JSON; what is passed as `extra=` becomes fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (current := request_id.get()) is not None:
            line["request_id"] = current
        line |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _error(record.exc_info[1])
            line["where"] = _where(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str).translate(STEERING)


def configure(level: str = "info") -> None:
    """Make this the only log of the process; repeatable."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    quiet = {
        "uvicorn.access": logging.CRITICAL,  # it writes addresses with their query
        "alembic": logging.WARNING,
        "httpx": logging.WARNING,
        "procrastinate": logging.WARNING,  # a line for every look at the queue
        "numba": logging.WARNING,
        "sqlalchemy.engine": logging.WARNING,
    }
    for name, least in quiet.items():
        logging.getLogger(name).setLevel(least)


def _error(error: BaseException) -> str:
    kind = type(error)
    if kind.__module__.partition(".")[0] in QUOTING:
        state = getattr(getattr(error, "orig", error), "sqlstate", None)
        return f"{kind.__module__}.{kind.__qualname__}" + (f" [{state}]" if state else "")
    return f"{kind.__qualname__}: {error}"[:500]


def _where(trace: TracebackType | None) -> list[str]:
    """The way to the error, innermost last, without source lines or values."""
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ][-FRAMES:]
