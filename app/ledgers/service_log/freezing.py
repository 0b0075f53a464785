"""When an entry of the log freezes: its text can then no longer be changed, only confirmed."""

from datetime import date, timedelta
from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.core.clock import today


class ServiceLogSettings(BaseSettings):
    """``PARK_SERVICE_LOG_FROZEN_AFTER_DAYS``: counted from the day of the service."""

    model_config = SettingsConfigDict(env_prefix="PARK_SERVICE_LOG_", extra="ignore", frozen=True)

    frozen_after_days: int = Field(default=180, ge=1)


@lru_cache
def settings() -> ServiceLogSettings:
    return ServiceLogSettings()


def frozen_before() -> date:
    """Return the first day whose entries may still be changed."""
    return today() - timedelta(days=settings().frozen_after_days)


def is_frozen(served_on: date) -> bool:
    return served_on < frozen_before()
