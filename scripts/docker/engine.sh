#!/usr/bin/env bash
# A Docker engine of one's own, with its own data and socket, for machines on which none runs: Debian's docker.io, as root.
#
#   scripts/docker/engine.sh start    starts it, if it does not run yet, and prints its DOCKER_HOST
#   scripts/docker/engine.sh stop     stops it, and waits until it is gone
#   scripts/docker/engine.sh address  prints its DOCKER_HOST
#
# DIARIST_DOCKER_ROOT is where it keeps everything (.cache/docker unless told). It has no bridge and no NAT: containers talk over
# networks that somebody makes, and builds that fetch something need `--network host`.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$(mkdir -p "${DIARIST_DOCKER_ROOT:-.cache/docker}" && cd "${DIARIST_DOCKER_ROOT:-.cache/docker}" && pwd)
address="unix://$root/docker.sock"
pidfile="$root/docker.pid"

runs() { [ -s "$pidfile" ] && kill -0 "$(cat "$pidfile")" 2>/dev/null; }

start() {
    if ! command -v dockerd >/dev/null; then
        echo "dockerd is missing. Debian, as root: apt-get install --no-install-recommends docker.io" >&2
        exit 1
    fi
    if ! runs; then
        rm -f "$pidfile"
        ulimit -n "$(ulimit -Hn)"
        # Without iptables and bridge it changes nothing of the machine's own network; containers may open 4096 files.
        setsid dockerd --host "$address" --pidfile "$pidfile" --data-root "$root/data" --exec-root "$root/exec" \
            --iptables=false --ip6tables=false --bridge=none --storage-driver overlay2 \
            --exec-opt native.cgroupdriver=cgroupfs --default-ulimit nofile=4096:4096 \
            >>"$root/dockerd.log" 2>&1 </dev/null &
        tries=0
        until docker --host "$address" version >/dev/null 2>&1; do
            tries=$((tries + 1))
            if [ "$tries" -gt 300 ]; then
                tail -5 "$root/dockerd.log" >&2
                exit 1
            fi
            sleep 0.1
        done
    fi
    echo "$address"
}

stop() {
    runs || return 0
    pid=$(cat "$pidfile")
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
}

case ${1:-} in
    start) start ;;
    stop) stop ;;
    address) echo "$address" ;;
    *)
        echo "start, stop or address?" >&2
        exit 2
        ;;
esac
