"""The variables of the environment, and the files of secrets."""

from __future__ import annotations

import os

from diarist.cli.checks.check import Check, Status
from diarist.cli.origins import unknown_variables
from diarist.settings import Settings
from diarist.settings.secret_files import variables as set_variables


def variables(settings: Settings) -> Check:
    """Whether each variable that looks like ours sets something."""
    unknown = unknown_variables(settings, set_variables(os.environ))
    if not unknown:
        return Check("settings", Status.OK, "every DIARIST_ variable is known")
    detail = ", ".join(f"{name} (did you mean {near}?)" if near else name for name, near in unknown.items())
    return Check("settings", Status.WARN, f"these set nothing: {detail}", "docs/reference/settings.md lists every variable.")
