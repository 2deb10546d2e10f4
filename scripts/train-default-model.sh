#!/usr/bin/env bash
# Makes models/default again: about 75 minutes on one core. Stopped and run again, it goes on where it was.
#   scripts/train-default-model.sh DATA [RUNS]
# DATA  the MIMII recordings named in samples/split.csv, with all eight channels (Zenodo record 3384388); samples/ itself has the first channel alone
# RUNS  folder for the two runs (default: runs)
set -euo pipefail
cd "$(dirname "$0")/.."
data=${1:?"give the folder of the recordings"}
runs=${2:-runs}

./mimiigen train codec --data "$data" --split samples/split.csv --out "$runs/codec"
./mimiigen train generator --data "$data" --split samples/split.csv --codec "$runs/codec" --latent-bandwidth 0 --out "$runs/default"
mkdir -p models/default
cp -r "$runs/default/model/." models/default/
./mimiigen evaluate --out "$runs/evaluate"
