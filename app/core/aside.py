"""Heavy reckoning in a process of its own: the event loop serves on, and a stop is a kill.

The child is a fresh interpreter, so nothing of the server (connections, threads, signals) goes
along. It gives way to requests, tells how far it is, and ends when its parent is gone.
"""

import asyncio
import importlib
import os
import pickle
import struct
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, BinaryIO, TypeVar

R = TypeVar("R")
Report = Callable[[Any], None]
NICER = 5
#: Linear algebra would take every core, and two such children would wait for each other.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_LENGTH = struct.Struct(">Q")


class Died(RuntimeError):
    """The child ended without an answer: killed, or out of memory."""


async def aside(
    function: Callable[..., R],
    *args: Any,
    told: Callable[[Any], Awaitable[None]] | None = None,
) -> R:
    """Return ``function(*args, report=…)``, reckoned by a child; cancelling kills it.

    ``function`` stands at the top of a module. Whatever it reports is awaited with ``told``.
    Raises what the function raises, and Died.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | _ONE_THREAD,
    )
    try:
        asked = pickle.dumps((function.__module__, function.__qualname__, args), protocol=5)
        if child.stdin is None or child.stdout is None:
            raise Died(child.returncode)
        with suppress(ConnectionError):  # the answer says what became of it
            for frame in (pickle.dumps(sys.path), asked):
                child.stdin.write(_LENGTH.pack(len(frame)) + frame)
            await child.stdin.drain()
        answer: R = await _answer(child.stdout, told)
    except asyncio.IncompleteReadError as end:
        raise Died(await child.wait()) from end
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await asyncio.shield(child.wait())
    return answer


async def _answer(
    stream: asyncio.StreamReader, told: Callable[[Any], Awaitable[None]] | None
) -> Any:
    while True:
        (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
        kind, value = pickle.loads(await stream.readexactly(length))  # noqa: S301 -- our own child  # nosec B301
        if kind == "done":
            return value
        if kind == "failed":
            raise value
        if told is not None:
            await told(value)


def _child() -> None:
    """Reckon what the parent asks for. Whatever else is printed goes to the log."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.nice(NICER)
    threading.Thread(target=_end_with, args=[os.getppid()], daemon=True).start()
    sys.path[:] = _read(sys.stdin.buffer)
    module, name, args = _read(sys.stdin.buffer)

    def send(kind: str, value: Any) -> None:
        frame = pickle.dumps((kind, value), protocol=5)
        answers.write(_LENGTH.pack(len(frame)) + frame)
        answers.flush()

    try:
        function = getattr(importlib.import_module(module), name)
        result = function(*args, report=lambda value: send("told", value))
    except Exception as error:  # noqa: BLE001 -- the parent raises it
        send("failed", _portable(error))
    else:
        send("done", result)


def _portable(error: Exception) -> Exception:
    """Return the error, or its words where it cannot be sent."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own  # nosec B301
    except Exception:  # noqa: BLE001 -- whatever makes it unfit to be sent
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _read(stream: BinaryIO) -> Any:
    (length,) = _LENGTH.unpack(stream.read(_LENGTH.size))
    return pickle.loads(stream.read(length))  # noqa: S301 -- from the parent  # nosec B301


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    _child()
