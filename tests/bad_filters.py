"""Sound filters that do wrong, as an installed package: `failing`, `short`, `nan`, `mute`, and `keeping`, which does nothing."""

from __future__ import annotations

from pathlib import Path

BAD = {
    "failing": "raise ValueError('no noise profile')",
    "short": "return samples[:-7]",
    "nan": "return samples * np.float32('nan')",
    "mute": "return samples * np.float32(0)",
}
"""By name: what it does with a chunk."""
_MODULE = """
import numpy as np


class Filter:
    def close(self):
        pass
"""
_CLASS = """

class {name}(Filter):
    name = "{name}"

    def clean(self, samples):
        {body}
"""


def install_filters(folder: Path) -> Path:
    """Write the package; whatever has the folder on its path finds the filters."""
    bodies = {**BAD, "keeping": "return samples"}
    folder.joinpath("made_up_filters.py").write_text(
        _MODULE + "".join(_CLASS.format(name=name, body=body) for name, body in bodies.items())
    )
    info = folder / "made_up_filters-1.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: made-up-filters\nVersion: 1\n")
    lines = "".join(f"{name} = made_up_filters:{name}\n" for name in bodies)
    info.joinpath("entry_points.txt").write_text(f"[diarist.sound_filters]\n{lines}")
    return folder
