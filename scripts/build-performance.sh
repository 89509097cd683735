#!/usr/bin/env bash
# Measures how the images are built: time cold, warm and after a change of the code, steps taken from the cache, sizes of images and
# layers, processor and memory used, each beside a naive Dockerfile. Writes a table, JSON and a drawing, and adds to a history.
#
#   scripts/build-performance.sh [--prune] [--runs N] [--out FOLDER] [TARGET...]
#
# TARGETs are api, worker, production and naive unless told. --prune empties the builder before each cold build, so that everything
# is fetched again: of the whole engine, other projects too. BUILD_NETWORK, BUILD_SECRETS, PYTHON_IMAGE and DOCKER are those of
# scripts/build-optimized.sh; DIARIST_DOCKER_ROOT tells whose processor time is measured (scripts/docker/engine.sh).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! "${DOCKER:-docker}" version >/dev/null 2>&1; then
    echo "No Docker engine answers; \`scripts/docker/engine.sh start\` starts one of your own." >&2
    exit 1
fi
if [ ! -x .venv/bin/python ]; then
    echo "The environment is missing; \`make setup\` makes it." >&2
    exit 1
fi
exec .venv/bin/python scripts/build_performance.py "$@"
