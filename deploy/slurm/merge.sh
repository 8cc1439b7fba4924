#!/bin/bash
# Puts the shards of sweep-array.sh together. Fails, and says why, where one is missing.
#SBATCH --job-name=precopy-merge
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --output=precopy-merge-%j.log
set -euo pipefail

rows=${PRECOPY_ROWS:-rows}
exec precopy merge "$rows"/shard-*.parquet -o "$rows/sweep.parquet"
