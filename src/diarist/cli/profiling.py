"""Profiles a process: by asking it, or from outside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import httpx
import msgspec

from diarist.cli.opening import settings_in_force
from diarist.cli.place import KEY
from diarist.errors import Misconfigured, NotAllowed, NotFound, Unavailable
from diarist.services.roles import ROLES
from diarist.telemetry.whole_profile import WholeProfile

_PROCESS = re.compile(r'process (?P<pid>[0-9]+):"(?P<command>[^"]*)";')
_CHILD = re.compile(r"diarist\.child\.serve [0-9]+ (?P<name>.+?) [A-Z]+$")
"""A child as it is started; see `child.running`."""
_LONGER = 15.0
"""Seconds that an answer may take beyond the profile."""
_A_SECOND = 100
"""Looks of py-spy."""


class CannotTrace(NotAllowed):
    """This process may not be looked at from outside."""

    code = "cannot_trace"
    advice = (
        "py-spy needs the right to trace: run it as root or as the process's own user with kernel.yama.ptrace_scope=0, in a "
        "container with the capability SYS_PTRACE. Without it, ask the process itself: `diarist debug profile --role ROLE`."
    )


def private_url(role: str, url: str) -> str:
    """Whom to ask; raises `Misconfigured`."""
    if url:
        return url.rstrip("/")
    if role and role not in ROLES:
        raise Misconfigured(f"there is no role {role!r}", advice=f"The roles are {', '.join(ROLES)}.")
    port = settings_in_force().http.private_port or (ROLES[role].private_port if role else None)
    if port is None:
        raise Misconfigured("which process is meant is not said", advice="Give --role, --url or --pid.")
    return f"http://127.0.0.1:{port}"


async def asked(url: str, seconds: float, *, waiting: bool) -> WholeProfile:
    """What the process tells that has this private port."""
    shown = {"Authorization": f"Bearer {os.environ.get(KEY, '')}"} if os.environ.get(KEY) else {}
    wanted = {"seconds": seconds, "waiting": waiting}
    try:
        async with httpx.AsyncClient(timeout=seconds + _LONGER, trust_env=False) as client:
            answer = await client.get(f"{url}/debug/profile", params=wanted, headers=shown)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"nobody answers at {url}", advice="Is the process up, and is this its private port?") from error
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise NotFound(f"there is no /debug at {url}", advice="Start the process with DIARIST_HTTP__DEBUG=true.")
    if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise NotAllowed(
            "profiles are for those who manage an account",
            advice=f"Put a key with the scope `manage` into {KEY}; `diarist keys create` makes one.",
        )
    if answer.status_code != httpx.codes.OK:
        raise Unavailable(f"{url} answered with {answer.status_code}")
    return msgspec.json.decode(answer.content, type=WholeProfile)


def spied(pid: int, seconds: float, *, waiting: bool) -> WholeProfile:
    """What py-spy sees of a process and of those that it started; raises `Misconfigured` or `CannotTrace`."""
    beside = Path(sys.executable).with_name("py-spy")
    program = str(beside) if beside.exists() else which("py-spy")
    if program is None:
        raise Misconfigured("py-spy is not installed", advice="`pip install 'diarist[debug]'` brings it.")
    with TemporaryDirectory(prefix="diarist-profile-") as folder:
        file = Path(folder) / "stacks"
        command = [
            program, "record", "--pid", str(pid), "--subprocesses", "--threads", "--nonblocking", "--format", "raw", "--rate",
            str(_A_SECOND), "--duration", str(max(1, round(seconds))), "--output", str(file), *(["--idle"] if waiting else []),
        ]  # fmt: skip
        ended = subprocess.run(  # noqa: S603 - numbers and paths of ours
            command, capture_output=True, text=True, check=False, timeout=seconds + 2 * _LONGER
        )
        if ended.returncode or not file.exists():
            said = ended.stderr.strip().splitlines()
            raise CannotTrace(f"py-spy cannot look at the process {pid}: {said[-1] if said else 'it did not say why'}")
        stacks = read_stacks(file.read_text(encoding="utf-8"))
    return WholeProfile(pid=pid, seconds=seconds, waiting=waiting, stacks=stacks)


def read_stacks(told: str) -> dict[str, float]:
    """What py-spy tells as `raw`: stacks that begin with the processes, the outermost first, and how often each was seen."""
    stacks: dict[str, float] = {}
    for line in told.splitlines():
        stack, _, count = line.rpartition(" ")
        process, rest = "a process", stack
        while found := _PROCESS.match(rest):
            child = _CHILD.search(found["command"])
            process, rest = f"{child['name'] if child else 'process'} {found['pid']}", rest[found.end() :]
        name = f"{process};{rest}"
        stacks[name] = stacks.get(name, 0.0) + int(count) / _A_SECOND
    return stacks
