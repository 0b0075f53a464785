"""How loops are compiled: on first use, without the interpreter's lock, kept on disk."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile a function when it is first called.

    What was compiled is kept beside the source or in the user's cache; where neither can be
    written, numba refuses to try, and every process compiles for itself.
    """
    try:
        return cast("_Function", numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast("_Function", numba.njit(nogil=True)(function))
