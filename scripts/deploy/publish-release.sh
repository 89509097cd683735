#!/bin/sh
# Makes a release of a tag, with what CHANGELOG.md tells of it and these files: publish-release.sh v1.2.3 FILE…
# The GitHub CLI does it, with GH_TOKEN.
set -eu
tag=$1
shift
cd "$(dirname "$0")/../.."
notes=$(mktemp)
trap 'rm -f "$notes"' EXIT
python3 scripts/release.py notes "$tag" >"$notes"
case $tag in *a* | *b* | *rc*) set -- --prerelease "$@" ;; esac
gh release create "$tag" --verify-tag --title "Diarist ${tag#v}" --notes-file "$notes" "$@"
