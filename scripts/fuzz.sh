#!/bin/sh
# Tries to break the parsers with other input each round, for so many minutes (10 unless told); 1 when one breaks.
set -eu
end=$(($(date +%s) + ${1:-10} * 60))
while [ "$(date +%s)" -lt "$end" ]; do
  seed=$(date +%s)
  echo "seed $seed"
  .venv/bin/python -m pytest -q tests/unit/test_parsers.py -k whatever_comes --hypothesis-profile=fuzz "--hypothesis-seed=$seed"
done
