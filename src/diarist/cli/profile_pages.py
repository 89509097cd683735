"""Profiles for people and for programs that draw them. Pure but for what is printed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from diarist import __version__
from diarist.cli.tables import print_table
from diarist.cli.terminal import messages
from diarist.telemetry.whole_profile import WholeProfile

_TOP = 25
_SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def hottest(profile: WholeProfile) -> Sequence[tuple[str, str, float, float]]:
    """Process, function, seconds in itself, seconds in it and what it called; by the first, the most first."""
    alone: defaultdict[tuple[str, str], float] = defaultdict(float)
    whole: defaultdict[tuple[str, str], float] = defaultdict(float)
    for stack, seconds in profile.stacks.items():
        process, *rest = stack.split(";")
        if not rest:
            continue
        alone[process, rest[-1]] += seconds
        for function in set(rest[1:] or rest):
            whole[process, function] += seconds
    found = [(process, function, spent, whole[process, function]) for (process, function), spent in alone.items()]
    return sorted(found, key=lambda one: (-one[2], one[:2]))


def print_profile(profile: WholeProfile) -> None:
    """The hottest functions."""
    rows = hottest(profile)
    every = sum(row[2] for row in rows)
    cells = [
        (f"{alone:.2f} s", f"{alone / every:.0%}", f"{whole:.2f} s", process, function)
        for process, function, alone, whole in rows[:_TOP]
        if every
    ]
    print_table(("itself", "", "in all", "process", "function"), cells, empty="It did nothing.")
    kind = "of waiting and working threads" if profile.waiting else "of processors"
    messages().print(f"{every:.2f} s {kind} in {profile.seconds:g} s.")
    for name in profile.silent:
        messages().print(f"{name} did not answer: native code kept it from it, or it has ended.")


def collapsed(profile: WholeProfile) -> str:
    """One stack a line with its microseconds, as flamegraph.pl reads it."""
    return "".join(f"{stack} {round(seconds * 1e6)}\n" for stack, seconds in sorted(profile.stacks.items()))


def speedscope(profile: WholeProfile) -> str:
    """As www.speedscope.app reads it (its "File format" of the kind `sampled`); one profile for each process."""
    frames: dict[str, int] = {}
    profiles: dict[str, tuple[list[list[int]], list[float]]] = {}
    for stack, seconds in sorted(profile.stacks.items()):
        process, *rest = stack.split(";")
        samples, weights = profiles.setdefault(process, ([], []))
        samples.append([frames.setdefault(name, len(frames)) for name in rest])
        weights.append(seconds)
    told = {
        "$schema": _SCHEMA,
        "exporter": f"diarist {__version__}",
        "shared": {"frames": [{"name": name} for name in frames]},
        "profiles": [
            {
                "type": "sampled", "name": process, "unit": "seconds", "startValue": 0, "endValue": sum(weights),
                "samples": samples, "weights": weights,
            }
            for process, (samples, weights) in profiles.items()
        ],
    }  # fmt: skip
    return json.dumps(told)
