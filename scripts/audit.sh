#!/bin/sh
# Looks for known vulnerabilities in every pinned package; 1 when there is one, and when a package could not be looked up: an audit
# that skips is none. Needs an index with PyPI's JSON API. Findings that do not touch Diarist stand below, each with its reason.
set -eu
cd "$(dirname "$0")/.."

status=0
for lock in requirements/*.txt; do
    echo "$lock"
    .venv/bin/pip-audit --strict --progress-spinner off --disable-pip --require-hashes --requirement "$lock" || status=1
done
exit "$status"
