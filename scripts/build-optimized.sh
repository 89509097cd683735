#!/usr/bin/env bash
# Builds Diarist's images side by side, and only those whose inputs have changed since they were built here.
#
#   scripts/build-optimized.sh [--all] [--force] [--push] [TARGET...]
#
# TARGETs are api, worker and production unless told; --all adds gpu and development. --force builds what has not changed too;
# --push sends the images. Stages that targets share are built once; where docker-buildx is installed, the cache is read from and
# written to a registry as well. Settings, all by the environment:
#
#   DIARIST_IMAGE      first part of the images' names: diarist (production is NAME:TAG, the others NAME-TARGET:TAG)
#   DIARIST_TAG        latest
#   DIARIST_CACHE      a repository for the cache, such as registry.example.org/diarist-cache; needs docker-buildx
#   PYTHON_IMAGE       the base; name it with its digest for images that are published
#   BUILD_NETWORK      network of the builder, such as host
#   BUILD_SECRETS      files for builds: "pip=/etc/pip.conf uv=/etc/uv/uv.toml ca=/etc/ssl/certs/ca-certificates.crt"
#   DOCKER             the client: docker
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

docker=${DOCKER:-docker}
image=${DIARIST_IMAGE:-diarist}
tag=${DIARIST_TAG:-latest}
targets=() force='' push=''
for argument in "$@"; do
    case $argument in
        --all) targets=(api worker production gpu development) ;;
        --force) force=1 ;;
        --push) push=1 ;;
        api | worker | production | gpu | development) targets+=("$argument") ;;
        *)
            sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
            exit 2
            ;;
    esac
done
[ ${#targets[@]} -gt 0 ] || targets=(api worker production)

if ! "$docker" version >/dev/null 2>&1; then
    echo "No Docker engine answers; \`scripts/docker/engine.sh start\` starts one of your own." >&2
    exit 1
fi
buildx=''
if "$docker" buildx version >/dev/null 2>&1; then buildx=1; fi
if [ -n "${DIARIST_CACHE:-}" ] && [ -z "$buildx" ]; then
    echo "DIARIST_CACHE needs docker-buildx, which is not installed here." >&2
    exit 1
fi

name_of() { if [ "$1" = production ]; then echo "$image:$tag"; else echo "$image-$1:$tag"; fi; }

# What images are made of: the files that .dockerignore lets through, the Dockerfile, and what it is told.
inputs() {
    {
        find Dockerfile .dockerignore LICENSE README.md pyproject.toml requirements deploy/docker src -type f \
            ! -name '*.py[cod]' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
        echo "${PYTHON_IMAGE:-}"
    } | sha256sum | cut -c -16
}

digest=$(inputs)
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' src/diarist/__init__.py)
revision=$(git -c safe.directory='*' rev-parse HEAD 2>/dev/null || echo unknown)
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

arguments=(--build-arg "VERSION=$version" --build-arg "REVISION=$revision" --label "diarist.inputs=$digest")
[ -z "${PYTHON_IMAGE:-}" ] || arguments+=(--build-arg "PYTHON_IMAGE=$PYTHON_IMAGE")
[ -z "${BUILD_NETWORK:-}" ] || arguments+=(--network "$BUILD_NETWORK")
for secret in ${BUILD_SECRETS:-}; do
    arguments+=(--secret "id=${secret%%=*},src=${secret#*=}")
done

build() {
    local target=$1 name=$2
    if [ -n "$buildx" ]; then
        local cache=()
        [ -z "${DIARIST_CACHE:-}" ] || cache=(
            --cache-from "type=registry,ref=$DIARIST_CACHE:$target"
            --cache-to "type=registry,ref=$DIARIST_CACHE:$target,mode=max"
        )
        "$docker" buildx build --load --progress plain "${cache[@]}" "${arguments[@]}" --target "$target" --tag "$name" .
    else
        DOCKER_BUILDKIT=1 "$docker" build --progress plain "${arguments[@]}" --target "$target" --tag "$name" .
    fi
}

declare -A jobs=()
built=() failed=0
for target in "${targets[@]}"; do
    name=$(name_of "$target")
    known=$("$docker" image inspect --format '{{index .Config.Labels "diarist.inputs"}}' "$name" 2>/dev/null || true)
    if [ -z "$force" ] && [ "$known" = "$digest" ]; then
        echo "$name: nothing has changed"
        continue
    fi
    build "$target" "$name" >"$logs/$target" 2>&1 &
    jobs[$target]=$!
    built+=("$target")
done
for target in "${built[@]}"; do
    if wait "${jobs[$target]}"; then
        name=$(name_of "$target")
        steps=$(grep -cE '^#[0-9]+ \[[a-z-]+ +[0-9]+/[0-9]+\]' "$logs/$target" || true)
        cached=$(grep -cE '^#[0-9]+ CACHED' "$logs/$target" || true)
        bytes=$("$docker" image inspect --format '{{.Size}}' "$name")
        echo "$name: $((bytes / 1000000)) MB, $cached of $steps steps from the cache"
    else
        failed=1
        echo "$target was not built:" >&2
        tail -30 "$logs/$target" >&2
    fi
done
[ "$failed" = 0 ] || exit 1
if [ -n "$push" ]; then
    for target in "${targets[@]}"; do "$docker" push "$(name_of "$target")"; done
fi
