#!/usr/bin/env bash
# Builds the benchmark and runs it.
#
# usage: bench/run-bench.sh [ARGUMENTS OF onewriter-bench]
#
# Installs missing packages with apt-get where it may, asking for nothing.
set -euo pipefail

# shellcheck source=app/prepare.sh
source "$(dirname "${BASH_SOURCE[0]}")/../app/prepare.sh"

prepare bench
options=(-DONEWRITER_BUILD_BENCH=ON -DONEWRITER_BUILD_TESTS=OFF)
if has_catch2; then
  options=(-DONEWRITER_BUILD_BENCH=ON -DONEWRITER_BUILD_TESTS=ON)
fi
configure release "${options[@]}"
build release --target onewriter_bench
exec "$tree/build/release/bench/onewriter-bench" "$@"
