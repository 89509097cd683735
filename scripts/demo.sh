#!/bin/sh
# Turns the sample memo into a diary entry, from an empty data directory each time.
set -eu
cd "$(dirname "$0")/.."
export DIARIST_DATA_DIR="$PWD/.demo/data" DIARIST_CACHE_DIR="$PWD/.demo/cache"
rm -rf "$DIARIST_DATA_DIR"

run() {
    printf '\n$ diarist %s\n' "$*"
    .venv/bin/diarist "$@"
}

run add samples/tuesday_evening.opus
run transcript last
run entry last

cat <<'END'

Try next, with the sound of your own day:
  .venv/bin/diarist add RECORDING...                    MP3, M4A, WAV, FLAC, OGG, WebM, AIFF or the sound of an MP4
  .venv/bin/diarist entry last                          the diary entry; every sentence says where it was spoken
  .venv/bin/diarist transcript last --format srt        as subtitles (also txt, vtt, json)
  .venv/bin/diarist up                                  the HTTP API; its pages are at http://127.0.0.1:8000/docs
  .venv/bin/diarist doctor                              what is installed, where your data are, and what is wrong

The demo keeps to .demo/, which `make clean` deletes. Your own recordings go where `doctor` says, and stay until you delete them.
END
