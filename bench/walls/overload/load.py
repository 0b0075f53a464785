"""What a crowd saw, in figures."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.walls.overload.crowd import Order, Seen

ROOT = Path(__file__).parents[3]
SETTLING = 2.0  # seconds at the begin of a run that do not count
OF_A_HUNDRED = 0.99


@dataclass(frozen=True)
class Load:
    """The answers of one run, those while it settled left out."""

    seen: list[Seen]
    seconds: float

    @property
    def good(self) -> list[float]:
        """How long the answers took that were what was asked for."""
        return sorted(took for _, status, took, _ in self.seen if 200 <= status < 300)

    @property
    def goodput(self) -> float:
        """Answers a second that were what was asked for."""
        return len(self.good) / self.seconds

    @property
    def p99(self) -> float:
        return self.good[int(len(self.good) * OF_A_HUNDRED)] if self.good else float("inf")

    @property
    def statuses(self) -> Counter[int]:
        return Counter(status for _, status, _, _ in self.seen)

    @property
    def unclean(self) -> int:
        """Answers that are neither what was asked for nor a refusal as it should be."""
        return sum(
            1 for _, status, _, clean in self.seen if not (200 <= status < 300 or clean)
        ) + sum(n for status, n in self.statuses.items() if status not in {200, 201, 503, 0})

    def last_bad(self, slow: float) -> float:
        """Return the instant of the last answer that was refused or slow; 0 if none was."""
        return max(
            (at for at, status, took, _ in self.seen if status >= 300 or took > slow), default=0
        )


def pressed(order: Order, *, settling: float = SETTLING) -> Load:
    """Let a crowd do as ordered, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.walls.overload.crowd"],
        input=json.dumps(asdict(order)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=order.seconds + 120,
    )
    seen: list[Seen] = [tuple(one) for one in json.loads(done.stdout)]
    begin = min(at for at, *_ in seen) + settling
    end = max(at for at, *_ in seen)
    return Load([one for one in seen if one[0] >= begin], end - begin)
