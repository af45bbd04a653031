"""Define the service's settings: flags of `puccalc serve`, then environment PUCCALC_SERVE_*, then a TOML file.

PUCCALC_SERVE_CONFIG names the TOML file. `puccalc serve` hands its flags to the workers through the environment.
"""

import ipaddress
import os
import secrets
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from calc.errors import DataError

PREFIX = "PUCCALC_SERVE_"


class Settings(BaseSettings):
    """Hold the service's settings. Limits are per worker, sizes in bytes, times in seconds.

    `files_base` is the folder that all workers of a service share for uploaded files and forms; `api.http.server` makes
    it.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65_535)
    workers: int = Field(default=1, ge=1, le=64)
    base_path: str = Field(default="", pattern=r"^(/[A-Za-z0-9._~-]+)*$")
    keys_file: Path | None = None
    public_tariffs: tuple[str, ...] = ("default", "example", "example-by-fuel")
    body_bytes: int = Field(default=64 * 2**10, ge=1_024)
    batch_bytes: int = Field(default=16 * 2**20, ge=1_024)
    arrow_bytes: int = Field(default=256 * 2**20, ge=1_024)
    arrow_rows: int = Field(default=2_000_000, ge=1)
    file_bytes: int = Field(default=16 * 2**20, ge=1_024)
    file_memory_bytes: int = Field(default=3 * 2**30, ge=2**30)
    file_seconds: int = Field(default=120, ge=1)
    file_life_seconds: int = Field(default=3_600, ge=1)
    files_held: int = Field(default=64, ge=1)
    files_of_owner: int = Field(default=8, ge=1)
    files_at_once: int = Field(default=1, ge=1)
    uploads_at_once: int = Field(default=4, ge=1)
    files_folder: Path | None = None
    files_base: Path | None = None
    body_seconds: float = Field(default=8.0, gt=0)
    body_bytes_a_second: int = Field(default=2**20, ge=1)
    connections_at_once: int = Field(default=4_096, ge=1)
    requests_at_once: int = Field(default=256, ge=1)
    batches_at_once: int = Field(default=2, ge=1)
    requests_a_minute: int = Field(default=240_000, ge=1)
    warm_up: bool = True
    session_secret: SecretStr = Field(default_factory=lambda: SecretStr(secrets.token_hex(32)), min_length=32)

    @model_validator(mode="after")
    def _keyed(self) -> Self:
        if self.keys_file is None and not is_loopback(self.host):
            raise ValueError("a host that is not loopback needs a keys_file: puccalc keys create makes one")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the package's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources by precedence: arguments, environment, the TOML file."""
        config = os.environ.get(f"{PREFIX}CONFIG")
        file = (_toml(settings_cls, Path(config)),) if config else ()
        return (init_settings, env_settings, *file)


def _toml(settings: type[BaseSettings], file: Path) -> TomlConfigSettingsSource:
    """Return a TOML file's settings; DataError if unreadable, since to ignore it could mean asking nobody for a key."""
    try:
        file.read_bytes()
        return TomlConfigSettingsSource(settings, toml_file=file)
    except OSError as error:
        raise DataError(f"{file}: cannot be read as settings: {error.strerror}") from error
    except ValueError as error:
        raise DataError(f"{file}: is no TOML: {error}") from error


def is_loopback(host: str) -> bool:
    """Return whether an address is reachable from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
