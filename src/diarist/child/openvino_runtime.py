"""OpenVINO without its habit of reporting home, and what it can do on this processor."""

from __future__ import annotations

import sys
from typing import Any

from diarist.errors import Misconfigured


def core() -> Any:
    """OpenVINO's `Core`; raises `Misconfigured` when it is not installed or does not run here."""
    # Its import sends an event to its makers unless this module cannot be imported; a diary tells nobody that it is written.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None: `import` raises ImportError
    try:
        import openvino

        return openvino.Core()
    except (ImportError, RuntimeError, OSError) as error:
        advice = "Install it with `pip install openvino`, or set DIARIST_ENGINE__NAME=faster-whisper."
        raise Misconfigured(f"OpenVINO cannot be used: {error}", advice=advice) from error


def precision(core: Any) -> str:
    """`bf16` where the processor computes with it, as near to full precision as the weights are; `f32` elsewhere."""
    return "bf16" if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
