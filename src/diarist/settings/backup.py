"""Settings of backups."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr


class BackupStoreSettings(BaseModel):
    """Where backups lie; apart from the recordings, best on another machine or in another region."""

    url: str = ""
    """`file:///…`, `s3://bucket/prefix`, `gs://bucket/prefix` or `az://container/prefix`."""
    endpoint: str = ""
    """Address of the object store's server; empty means the cloud's own."""
    region: str = ""
    access_key_id: str = ""
    """Key id, or the name of the Azure account; empty means the environment of the cloud or the role of the machine."""
    secret_access_key: SecretStr = SecretStr("")
    """Secret of the key, key of the Azure account, or the JSON of a Google service account."""
    allow_http: bool = False
    """Whether the object store may be asked without TLS."""


class BackupSettings(BaseModel):
    """How backups are made, and which are kept."""

    store: BackupStoreSettings = BackupStoreSettings()
    key_file: Path | None = None
    """File with the key that encrypts backups; `diarist backup key FILE` makes one. Whoever loses it has no backups."""
    postgresql_programs: Path | None = None
    """Folder with `pg_dump` and `pg_restore`, at least as new as the server; unset means those on the PATH."""
    keep_last: int = Field(default=7, ge=1, le=10_000)
    """Newest backups that are kept."""
    keep_daily: int = Field(default=7, ge=0, le=10_000)
    """Days of which the last backup is kept, as `keep_weekly` and `keep_monthly`; days begin at midnight UTC."""
    keep_weekly: int = Field(default=5, ge=0, le=10_000)
    keep_monthly: int = Field(default=12, ge=0, le=10_000)
