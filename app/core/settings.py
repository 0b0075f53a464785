"""What an installation may decide about itself, read from `PARK_*` variables once."""

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlencode, urlsplit

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

KEY_BYTES = 32
_POSTGRES = 5432  # its port where an address names none
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- recognised, not chosen  # nosec B104


class InstallationError(RuntimeError):
    """What the operator of an installation can mend; the text says how, and no traceback helps."""


def _empty_is_absent(value: object) -> object:
    """`PARK_DATABASE_URL=` in an environment file means "not set", not "an empty address"."""
    return None if isinstance(value, str) and not value.strip() else value


def _sqlalchemy_address(value: object) -> object:
    """Accept the address as databases hand it out and name the driver we ship.

    Several servers (``owner:password@a:5432,b:5432/park``) become what SQLAlchemy reads:
    ``owner:password@/park?host=a,b&port=5432,5432``.
    """
    value = _empty_is_absent(value)
    if not isinstance(value, str) or not value.startswith(("postgres://", "postgresql://")):
        return value
    parts = urlsplit(value)
    who, at, servers = parts.netloc.rpartition("@")
    if "," not in servers:
        return f"postgresql+psycopg://{value.split('://', 1)[1]}"
    each = [urlsplit(f"//{server}") for server in servers.split(",")]
    hosts = ",".join(one.hostname or "" for one in each)
    ports = ",".join(str(one.port or _POSTGRES) for one in each)
    named = urlencode({"host": hosts, "port": ports}, safe=",:")
    asked = "&".join(filter(None, (named, parts.query)))
    return f"postgresql+psycopg://{who}{at}{parts.path}?{asked}"


def _default_home() -> Path:
    """The user's data folder; for root a system one, because PostgreSQL must not enter /root."""
    if os.name == "posix" and os.geteuid() == 0:
        return Path("/var/lib/park")
    return user_data_path("park", appauthor=False)


def _absolute(value: object) -> object:
    return Path(value).expanduser().absolute() if isinstance(value, str | Path) else value


class Settings(BaseSettings):
    """One installation; every field is a variable `PARK_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="PARK_", extra="ignore", frozen=True)

    home: Annotated[Path, BeforeValidator(_absolute)] = Field(default_factory=_default_home)
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    workers: int = Field(1, ge=1, le=64)
    trusted_proxies: Annotated[str | None, BeforeValidator(_empty_is_absent)] = None
    public_url: Annotated[str | None, BeforeValidator(_empty_is_absent)] = None
    demo: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    reveals_a_day: int = Field(30, ge=1, le=1000)  # records whose personal data one account may see

    database_url: Annotated[str | None, BeforeValidator(_sqlalchemy_address)] = None
    role_suffix: str | None = None  # None: by the database's name, see database_roles
    pg_user: Annotated[str | None, BeforeValidator(_empty_is_absent)] = None
    pg_test: bool = False  # trades safety for speed: only for throw-away clusters of the tests

    secret_key: Annotated[SecretStr | None, BeforeValidator(_empty_is_absent)] = None

    # of staff and administrators; None: required, off in a demo
    second_factor: Annotated[
        Literal["required", "off"] | None, BeforeValidator(_empty_is_absent)
    ] = None
    passwords: Literal["mlps3", "asvs"] = "mlps3"

    # an identity provider (OpenID Connect); all of them or none
    oidc_issuer: Annotated[str | None, BeforeValidator(_empty_is_absent)] = None
    oidc_client_id: Annotated[str | None, BeforeValidator(_empty_is_absent)] = None
    oidc_client_secret: Annotated[SecretStr | None, BeforeValidator(_empty_is_absent)] = None
    oidc_name: str = "OIDC"  # as the sign-in page calls it
    oidc_second_factor_amr: str = ""  # its methods that count as a second factor: "mfa,otp,hwk"

    # an OpenAI-compatible service, up to the part before /embeddings; None: words alone
    embeddings_url: Annotated[str | None, BeforeValidator(_empty_is_absent)] = None
    embeddings_model: str = "text-embedding"
    embeddings_key: Annotated[SecretStr | None, BeforeValidator(_empty_is_absent)] = None

    smtp_url: Annotated[SecretStr | None, BeforeValidator(_empty_is_absent)] = None
    mail_from: Annotated[str | None, BeforeValidator(_empty_is_absent)] = None

    @property
    def address(self) -> str:
        """Where a browser finds this installation."""
        if self.public_url is not None:
            return self.public_url.rstrip("/")
        host = "localhost" if self.host in EVERYWHERE else self.host
        return f"http://{host}:{self.port}"

    @property
    def second_factor_required(self) -> bool:
        """Whether staff and administrators give a code beside their password."""
        return (self.second_factor or ("off" if self.demo else "required")) == "required"

    @property
    def secret_key_file(self) -> Path:
        return self.home / "secret.key"

    def secret(self) -> bytes:
        """The installation's secret, made on first use; other keys are derived from it."""
        if self.secret_key is not None:
            given = self.secret_key.get_secret_value().encode()
            if len(given) < KEY_BYTES:
                raise InstallationError(f"PARK_SECRET_KEY needs at least {KEY_BYTES} characters.")
            return given
        return _read_or_make_key(self.secret_key_file)


def _read_or_make_key(file: Path) -> bytes:
    """Make the key beside its place and link it there, so that two first starts agree on one."""
    if not file.exists():
        prepare_home(file.parent)
        draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            target.write(secrets.token_bytes(KEY_BYTES))
            target.flush()
            os.fsync(target.fileno())
        try:
            file.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_bytes()


def prepare_home(home: Path) -> None:
    """Make the data folder; as root others may pass through it (PostgreSQL must), never list it."""
    if not home.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)


@lru_cache
def get_settings() -> Settings:
    return Settings()
