#!/bin/sh
# Builds an image of the Dockerfile for others; needs Docker's buildx. The tree has to be a commit, whose time the image bears.
#
#   image.sh load TARGET NAME                         for this machine, to be looked at: NAME:candidate
#   image.sh push TARGET NAME VERSION PLATFORMS       to NAME's registry, with who built it and of what; prints `digest=sha256:…`
set -eu
cd "$(dirname "$0")/../.."

build() {
    target=$1
    shift
    revision=$(git rev-parse HEAD)
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
    export SOURCE_DATE_EPOCH
    docker buildx build . --target "$target" --build-arg "SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH" \
        --label "org.opencontainers.image.revision=$revision" \
        --label "org.opencontainers.image.source=${GITHUB_SERVER_URL:-https://github.com}/${GITHUB_REPOSITORY:-diarist/diarist}" \
        "$@" >&2
}

case "${1:-} $#" in
    "load 3")
        build "$2" --load --tag "$3:candidate"
        ;;
    "push 5")
        told=$(mktemp)
        trap 'rm -f "$told"' EXIT
        build "$2" --push --tag "$3:$4" --platform "$5" --provenance mode=max --sbom true \
            --label "org.opencontainers.image.version=$4" --metadata-file "$told"
        digest=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["containerimage.digest"])' "$told")
        echo "digest=$digest"
        ;;
    *)
        echo "usage: image.sh load TARGET NAME | push TARGET NAME VERSION PLATFORMS" >&2
        exit 2
        ;;
esac
