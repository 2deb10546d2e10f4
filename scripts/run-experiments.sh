#!/usr/bin/env bash
# Runs all ten studies and writes docs/experiments.md from their results. Stopped and run again, it goes on where it was.
#   scripts/run-experiments.sh [BUDGET] [RUNS] [DATA]
# BUDGET  of each study (default: 15m)
# RUNS    folder of the studies (default: out/experiments)
# DATA    folder of recordings with a split (default: samples)
set -euo pipefail
cd "$(dirname "$0")/.."
budget=${1:-15m}
runs=${2:-out/experiments}
data=${3:-samples}

# those that train nothing first
for study in detection diversity steps captions caption-quality data-size channels bandwidth transfer latent; do
  ./mimiigen experiment "$study" --data "$data" --budget "$budget" --out "$runs" || echo "$study: no result" >&2
done
./mimiigen experiment page --runs "$runs" --out docs/experiments.md
