#!/bin/sh
# Makes a stand-in for python:3.11-slim-bookworm from Debian's packages, where no registry can be reached. As root; needs debootstrap
# and a Docker engine (DOCKER_HOST). Its Python is Debian's, in /usr/bin, with pip where the official image has it: beside the rest.
#
#   scripts/docker/offline-base.sh [NAME]    nothing is done when there is an image of that name
set -eu
cd "$(dirname "$0")/../.."
name=${1:-python:3.11-slim-bookworm}
root=${DIARIST_DOCKER_ROOT:-.cache/docker}/base

if docker image inspect "$name" >/dev/null 2>&1; then
    echo "$name is here already"
    exit 0
fi
if ! command -v debootstrap >/dev/null; then
    echo "debootstrap is missing. Debian, as root: apt-get install --no-install-recommends debootstrap" >&2
    exit 1
fi

if [ ! -e "$root/.whole" ]; then
    rm -rf "$root"
    mkdir -p "$root"
    # python3-distutils stands for a virtual package, which debootstrap does not find by itself.
    if ! debootstrap --variant=minbase --include=ca-certificates,python3-distutils,python3.11-venv,tzdata bookworm "$root" >"$root.log" 2>&1; then
        tail -5 "$root.log" "$root/debootstrap/debootstrap.log" >&2
        exit 1
    fi
    for python in python python3 python3.11; do
        ln -sf /usr/bin/python3.11 "$root/usr/local/bin/$python"
    done
    rm -f "$root/usr/lib/python3.11/EXTERNALLY-MANAGED"
    chroot "$root" sh -c 'python3 -m zipfile -e /usr/share/python-wheels/pip-*.whl /usr/local/lib/python3.11/dist-packages'
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* \
        "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/*
    touch "$root/.whole"
fi
tar --directory "$root" --create --exclude=./.whole . | docker import \
    --change 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin' --change 'ENV LANG=C.UTF-8' \
    --change 'CMD ["python3"]' - "$name"
