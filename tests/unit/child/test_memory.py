"""In processes of their own: the limit holds for the whole process, and what was freed before would show."""

import subprocess
import sys

import pytest

CHURN = """
import sys, threading, psutil
from diarist.child.memory import give_big_blocks_back
if sys.argv[1] == "told":
    give_big_blocks_back()
before = psutil.Process().memory_info().rss
def churn():
    for size in (1, 2, 3, 4):
        pieces = [bytearray(size << 20) for _ in range(4)]
        small = bytearray(4096)
        del pieces
    kept.append(small)
kept = []
for _ in range(8):
    thread = threading.Thread(target=churn); thread.start(); thread.join()
print((psutil.Process().memory_info().rss - before) >> 20)
"""


def kept_megabytes(told: str) -> int:
    return int(subprocess.run([sys.executable, "-c", CHURN, told], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc is the one that holds on")
def test_big_blocks_go_back_to_the_system() -> None:
    assert kept_megabytes("told") <= 2
