#!/bin/sh
# Sees that the images of a version were made and signed by this repository's own workflow: verify-images.sh REGISTRY VERSION IMAGE…
# GITHUB_REPOSITORY names the repository.
set -eu

[ $# -ge 3 ] || { echo "usage: verify-images.sh REGISTRY VERSION IMAGE…" >&2; exit 2; }
registry=$1 version=$2
shift 2
for image in "$@"; do
    cosign verify "$registry/$image:$version" \
        --certificate-oidc-issuer https://token.actions.githubusercontent.com \
        --certificate-identity-regexp "^https://github\\.com/$GITHUB_REPOSITORY/\\.github/workflows/images\\.yml@refs/tags/v" >/dev/null
    echo "$registry/$image:$version is signed"
done
