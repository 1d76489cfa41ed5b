#!/usr/bin/env bash
# Builds everything, with warnings as errors, and runs all tests.
#
# usage: tests/run-tests.sh [--asan] [ARGUMENTS OF ctest]
#
#   --asan  with the address and the undefined behaviour sanitizer
#
# Installs missing packages with apt-get where it may, asking for nothing.
set -euo pipefail

# shellcheck source=app/prepare.sh
source "$(dirname "${BASH_SOURCE[0]}")/../app/prepare.sh"

preset=release
if [[ ${1-} == --asan ]]; then
  preset=asan
  shift
fi
prepare tests
# A machine that builds once needs half of the time if it compiles several
# sources at once. Where sources are edited, one at a time is faster.
unity=OFF
[[ -z ${CI-} ]] || unity=ON
configure "$preset" -DONEWRITER_BUILD_TESTS=ON \
  -DONEWRITER_WARNINGS_AS_ERRORS=ON -DONEWRITER_UNITY="$unity"
build "$preset"
say "testing build/$preset"
exec ctest --test-dir "$tree/build/$preset" --output-on-failure \
  --no-tests=error --parallel "$(cores)" "$@"
