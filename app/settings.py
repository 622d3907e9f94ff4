"""Settings, read from the environment with safe defaults."""

from functools import cached_property
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every variable begins with ``CLEANLOOP_``; see the README for their meaning."""

    model_config = SettingsConfigDict(env_prefix="CLEANLOOP_", frozen=True)

    data_folder: Path = Path("data")
    database_url: str = ""
    secure_cookies: bool = False
    trusted_origins: tuple[str, ...] = ()
    calculations_per_minute: int = 300
    test_server: bool = False

    @cached_property
    def database(self) -> str:
        """The database's address: SQLite in the data folder unless one is set."""
        return self.database_url or f"sqlite:///{self.data_folder.resolve() / 'cleanloop.db'}"
