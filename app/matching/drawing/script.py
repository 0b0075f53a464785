"""The stand-alone verifier: where it lies, and how to ask it without starting a process."""

import importlib.util
import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from types import ModuleType

NAME = "verify_draw.py"
_HERE = Path(__file__).resolve().parent


def verifier() -> Path:
    """Return the very file that an outsider downloads and runs: in the wheel, else under tools/."""
    shipped = _HERE / NAME
    return shipped if shipped.is_file() else _HERE.parents[2] / "tools" / NAME


@cache
def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_draw", verifier())
    if spec is None or spec.loader is None:
        raise FileNotFoundError(verifier())
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def accepts(bundle: bytes, published: Sequence[str] = ()) -> bool:
    """Say whether the verifier would end with status 0."""
    with redirect_stdout(io.StringIO()):
        try:
            _module().verify(bundle, published)
        except SystemExit:
            return False
        except Exception:  # noqa: BLE001 -- as the interpreter: whatever it stumbles over is status 1
            return False
    return True
