"""Settings that stand in files of one folder, as Docker, Kubernetes and systemd hand secrets to a process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic_settings import NestedSecretsSettingsSource, PydanticBaseSettingsSource, SettingsError

from diarist.errors import Misconfigured

FOLDER = "DIARIST_SECRETS_DIR"
"""The variable that names it."""
_ADVICE = f"{FOLDER} names a folder that this process may read, with files called like variables, such as DIARIST_DATABASE__URL."


class SecretFiles(NestedSecretsSettingsSource):
    """Files called like variables; the line end that editors add is no part of a secret, and an empty file sets nothing."""

    @classmethod
    def load_secrets(cls, path: Path) -> dict[str, str]:
        """What stands in each file."""
        return {name: text for name, text in super().load_secrets(path).items() if text}


def secret_files(source: PydanticBaseSettingsSource, environment: Mapping[str, str]) -> tuple[PydanticBaseSettingsSource, ...]:
    """In place of `source`: the files of the folder that the environment names, if it names one.

    Raises `Misconfigured` when they cannot be read.
    """
    if not (folder := environment.get(FOLDER)):
        return ()
    # The library takes a folder that it may not look into for an empty one.
    if not os.access(folder, os.R_OK | os.X_OK):
        raise Misconfigured(f"{FOLDER}: {folder} is not there, or may not be read", advice=_ADVICE)
    try:
        return (SecretFiles(source, secrets_dir=folder, secrets_dir_missing="error"),)
    except (OSError, SettingsError) as error:
        raise Misconfigured(f"{FOLDER}: {error}", advice=_ADVICE) from error
    except UnicodeDecodeError as error:
        # Its words would show some of the secret.
        raise Misconfigured(f"{FOLDER}: a file in {folder} is not UTF-8", advice=_ADVICE) from error


def variables(environment: Mapping[str, str]) -> frozenset[str]:
    """The names of all variables, those that are files too."""
    folder = environment.get(FOLDER)
    return frozenset(environment) | (frozenset(file.name for file in Path(folder).iterdir()) if folder else frozenset())
