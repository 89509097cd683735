#!/bin/sh
# Brings a version to a cluster, proves that it works there, and puts the one before back when it does not.
#
#   roll-out.sh canary VERSION     a second release beside the first, for some of the requests; gone again when it does not work
#   roll-out.sh release VERSION    the programs, the proof, and only then the migrations that take away what old programs use
#   roll-out.sh withdraw           take the canary away
#
# From the environment: DIARIST_URL and DIARIST_API_KEY (of an account for such proofs); VALUES, the files of values, one a line;
# RELEASE, NAMESPACE, TIMEOUT, CHART; CANARY_ROUNDS and CANARY_PAUSE, how often the canary is proven and the seconds between;
# SMOKE, the program that proves. Needs Helm 4 (of Helm 3, --rollback-on-failure was called --atomic).
set -eu
cd "$(dirname "$0")/../.."

RELEASE=${RELEASE:-diarist}
NAMESPACE=${NAMESPACE:-diarist}
TIMEOUT=${TIMEOUT:-20m}
CHART=${CHART:-deploy/kubernetes/diarist}
CANARY_ROUNDS=${CANARY_ROUNDS:-10}
CANARY_PAUSE=${CANARY_PAUSE:-60}
SMOKE=${SMOKE:-".venv/bin/python scripts/smoke.py"}
CANARY="$RELEASE-canary"

fail() {
    echo "$*" >&2
    exit 1
}

# upgrade NAME VERSION PHASES [VALUES]: a failed upgrade is undone by Helm itself. Of several files of values the last has its way.
upgrade() {
    name=$1 version=$2 phases=$3 last=${4:-}
    set --
    while read -r file; do
        [ -z "$file" ] || set -- "$@" --values "$file"
    done <<FILES
${VALUES:-}
$last
FILES
    helm upgrade "$name" "$CHART" --install --namespace "$NAMESPACE" --create-namespace --rollback-on-failure --wait --timeout "$TIMEOUT" \
        --set "migration.phases={$phases}" --set "image.tag=$version" --set "workerImage.tag=$version" "$@"
}

# prove VERSION ARGUMENTS…
prove() {
    version=$1
    shift
    # shellcheck disable=SC2086 # a program and its first arguments
    $SMOKE "$DIARIST_URL" --version "$version" "$@"
}

canary() {
    upgrade "$CANARY" "$1" pre "$CHART/values-canary.yaml"
    if ! prove "$1" --header "X-Diarist-Canary: always" --rounds "$CANARY_ROUNDS" --pause "$CANARY_PAUSE"; then
        withdraw
        fail "The canary of $1 does not work and was taken away; everybody is served by the version before."
    fi
}

release() {
    before=$(helm list --namespace "$NAMESPACE" --filter "^$RELEASE\$" --short)
    upgrade "$RELEASE" "$1" pre
    if ! prove "$1"; then
        [ -n "$before" ] || fail "$1 does not work, and there was no version before it to go back to."
        helm rollback "$RELEASE" --namespace "$NAMESPACE" --wait --timeout "$TIMEOUT"
        fail "$1 does not work; the version before it is back. Its database can be used by that one: nothing was taken away."
    fi
    # No program of the version before is left.
    upgrade "$RELEASE" "$1" pre,post
}

withdraw() {
    helm uninstall "$CANARY" --namespace "$NAMESPACE" --ignore-not-found --wait --timeout "$TIMEOUT"
}

[ -n "${DIARIST_URL:-}" ] || [ "${1:-}" = withdraw ] || fail "DIARIST_URL has to say where the system is."
case "${1:-} $#" in
    "canary 2") canary "$2" ;;
    "release 2") release "$2" ;;
    "withdraw 1") withdraw ;;
    *) fail "usage: roll-out.sh canary VERSION | release VERSION | withdraw" ;;
esac
