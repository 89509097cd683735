"""Asks the CUDA driver for a GPU's free memory, without a library for it.

The functions are those of the CUDA driver API reference, sections "Initialization", "Primary Context Management" and "Memory
Management"; what `CUDA_VISIBLE_DEVICES` hides stays hidden.
"""

from __future__ import annotations

import ctypes

_DRIVER = "libcuda.so.1"


def free_bytes(device: int, driver: str = _DRIVER) -> int | None:
    """Bytes; None where there is no such GPU, or no driver."""
    try:
        cuda = ctypes.CDLL(driver)
        return _asked(cuda, device)
    except (OSError, AttributeError):
        return None


def _asked(cuda: ctypes.CDLL, device: int) -> int | None:
    handle, context = ctypes.c_int(), ctypes.c_void_p()
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    if cuda.cuInit(0) or cuda.cuDeviceGet(ctypes.byref(handle), device):
        return None
    if cuda.cuDevicePrimaryCtxRetain(ctypes.byref(context), handle):
        return None
    try:
        if cuda.cuCtxPushCurrent_v2(context):
            return None
        failed = cuda.cuMemGetInfo_v2(ctypes.byref(free), ctypes.byref(total))
        cuda.cuCtxPopCurrent_v2(ctypes.byref(context))
        return None if failed else free.value
    finally:
        cuda.cuDevicePrimaryCtxRelease_v2(handle)
