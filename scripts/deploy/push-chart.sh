#!/bin/sh
# Packs the chart, brings it to a registry and signs it there: push-chart.sh REGISTRY
set -eu
registry=$1
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
helm package deploy/kubernetes/diarist --destination "$folder"
helm push "$folder"/diarist-*.tgz "oci://$registry" 2>&1 | tee "$folder/pushed"
digest=$(sed -n 's/^Digest: *\(sha256:[0-9a-f]\{64\}\).*$/\1/p' "$folder/pushed")
[ -n "$digest" ] || { echo "Helm did not say which digest it pushed, so nothing was signed." >&2; exit 1; }
cosign sign --yes "$registry/diarist@$digest"
