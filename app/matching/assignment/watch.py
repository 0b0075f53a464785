"""How long it may take, who is told how far it is, and whether somebody stopped it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

Told = Callable[[str, int], None]


class Stopped(RuntimeError):
    """Somebody cancelled the work."""


def _nothing(_phase: str, _percent: int) -> None:
    return None


def _never() -> bool:
    return False


@dataclass(slots=True)
class Watch:
    """A time limit in seconds of wall time, a listener, and a question whether to stop."""

    limit: float = float("inf")
    told: Told = _nothing
    stopped: Callable[[], bool] = _never
    _begun: float = field(default_factory=time.monotonic)

    def tell(self, phase: str, percent: int) -> None:
        """Say how far it is. Raises Stopped."""
        self.check()
        self.told(phase, percent)

    def check(self) -> None:
        """Raise Stopped if somebody asked for it."""
        if self.stopped():
            raise Stopped

    @property
    def left(self) -> float:
        """Seconds of the time limit that remain, never negative."""
        return max(0.0, self.limit - (time.monotonic() - self._begun))

    @property
    def over(self) -> bool:
        return self.left <= 0
