"""What can be wrong with backups."""

from __future__ import annotations

from diarist.errors.base import DiaristError, Misconfigured
from diarist.errors.state import Conflict


class BackupDamaged(DiaristError):
    """A part of the backup is not what was written."""

    code = "backup_damaged"
    advice = (
        "`diarist backup verify ID` reads one through, `diarist backup prune --drop ID` clears it away. Look at the disk too."
    )


class BackupKeyWrong(Misconfigured):
    """The key does not open this backup."""

    code = "backup_key_wrong"
    advice = "DIARIST_BACKUP__KEY_FILE must name the key that it was made with. Without that key nobody can read it, nor can we."


class NotEmpty(Conflict):
    """There is something already where the backup would go."""

    code = "not_empty"
    advice = "Restore into an empty database, or with `--replace`, which puts aside what is there and deletes nothing."
