#!/bin/bash
# A sweep as a Slurm array: each element does one shard, on as many threads as it has processors.
#
#   array=$(sbatch --parsable --array=1-10 sweep-array.sh scenario.yaml)
#   sbatch --dependency=afterok:$array merge.sh
#
# An element that is cancelled, out of time or requeued goes on with its rows when it is submitted again.
#SBATCH --job-name=precopy-sweep
#SBATCH --cpus-per-task=8
#SBATCH --mem=4G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=precopy-sweep-%A-%a.log
set -euo pipefail

scenario=${1:?name the scenario: sbatch --array=1-10 sweep-array.sh scenario.yaml}
rows=${PRECOPY_ROWS:-rows}
mkdir -p "$rows"

# The array must begin with 1: its elements are the shards.
exec precopy sweep "$scenario" \
  --param link.bandwidth=1..40Gbit/s:log:20 \
  --seeds 1000 \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
  --workers "$SLURM_CPUS_PER_TASK" \
  -o "$rows/shard-$SLURM_ARRAY_TASK_ID.parquet" \
  --resume
