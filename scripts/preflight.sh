#!/bin/sh
# Prints the path of a Python that Diarist can be set up with; says what is missing, and how to get it, when there is none.
# PYTHON=... names one; else python3 is tried first, then newer names beside it.
set -u

if ! git --version >/dev/null 2>&1; then
    echo "git is missing. Debian, Ubuntu: sudo apt install git    Fedora: sudo dnf install git    macOS: xcode-select --install" >&2
    exit 1
fi

without_venv=
too_old=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        too_old="$too_old $candidate ($version)"
    elif ! "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        without_venv="${without_venv:-$version}"
    else
        exec "$candidate" -c 'import sys; print(sys.executable)'
    fi
done

if [ -n "$without_venv" ]; then
    echo "Python $without_venv is here, but its venv module is not." >&2
    echo "  Debian, Ubuntu: sudo apt install python3-venv    (or python$without_venv-venv)" >&2
elif [ -n "$too_old" ]; then
    echo "Python 3.11 or newer is needed; found only:$too_old." >&2
    echo "  Debian 12, Ubuntu 24.04 and newer: sudo apt install python3 python3-venv" >&2
    echo "  Ubuntu 22.04: sudo apt install python3.11 python3.11-venv    Fedora: sudo dnf install python3.13    macOS: brew install python@3.13" >&2
    echo "  Elsewhere? Say which: make PYTHON=/path/to/python3.12" >&2
else
    echo "Python 3.11 or newer is missing (looked for: ${PYTHON:-python3, python3.14, python3.13, python3.12, python3.11})." >&2
    echo "  Debian, Ubuntu: sudo apt install python3 python3-venv    Fedora: sudo dnf install python3    macOS: brew install python@3.13" >&2
fi
exit 1
