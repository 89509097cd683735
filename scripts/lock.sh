#!/bin/sh
# Pins every version and hash for all platforms; names no index, so that any mirror can serve them.
set -eu
cd "$(dirname "$0")/.."

compile() {
    sh scripts/uv.sh pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command "make lock" "$@"
}

compile pyproject.toml --extra dev -o requirements/dev.txt "$@"
compile pyproject.toml --constraint requirements/dev.txt -o requirements/runtime.txt "$@"
printf 'hatchling>=1.27\neditables\n' | compile - --constraint requirements/dev.txt -o requirements/build.txt "$@"
echo uv | compile - -o requirements/uv.txt "$@"
