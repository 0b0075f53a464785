"""What `park doctor` says of the trail: sealed, and how far behind."""

import psycopg
from sqlalchemy.exc import OperationalError

from app.audit.operators import owner
from app.audit.sealing import state
from app.core import migrate
from app.core.findings import Finding
from app.core.labels import T

LAGS = 10.0  # seconds

_SEALED = T("审计记录已封存到第 {seals} 号", "The trail is sealed up to seal {seals}")
_BEHIND = T(
    "有 {waiting} 条审计记录尚未封存，最早的已等待 {lag:.0f} 秒；可能是封存没有在进行。",
    "{waiting} entries of the trail are not sealed; the oldest has waited {lag:.0f} s:"
    " perhaps nothing seals.",
)
_ADVICE = T(
    "封存由 park serve 每秒进行。若系统正在运行，请查看日志中的 sealer；若已停止，启动后自动补上，"
    "也可执行 park audit seal。",
    "`park serve` seals every second. If Park runs, look for the sealer in its log; if it is"
    " stopped, it catches up at the next start, or run `park audit seal`.",
)


def examine_trail() -> list[Finding]:
    """Look at the sealing of a database that answers; one that does not is said elsewhere."""
    try:
        if not migrate.is_current():
            return []
        with owner() as connection:
            found = state(connection)
    except (OSError, psycopg.Error, OperationalError):
        return []
    behind = found.lag > LAGS
    params = {"seals": found.seals, "waiting": found.waiting, "lag": found.lag}
    seen = _BEHIND if behind else _SEALED
    return [Finding("trail", "warn" if behind else "ok", seen, _ADVICE, params)]
