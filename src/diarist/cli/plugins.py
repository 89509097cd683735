"""`diarist plugins`."""

from __future__ import annotations

from diarist.cli.options import AsJson


def plugins(*, as_json: AsJson = False) -> None:
    """List what is plugged in, and the package that brings it."""
    from diarist.cli.tables import print_table
    from diarist.cli.terminal import print_json
    from diarist.plugins import GROUPS, available

    found = [
        {
            "group": group,
            "name": point.name,
            "value": point.value,
            "package": point.dist.name if point.dist else None,
            "version": point.dist.version if point.dist else None,
        }
        for group in GROUPS
        for point in available(group)
    ]
    if as_json:
        print_json({"plugins": found})
        return
    rows = [(one["group"] or "", one["name"] or "", f"{one['package']} {one['version']}", one["value"] or "") for one in found]
    print_table(("group", "name", "package", "module"), rows, empty="Nothing is plugged in.")
