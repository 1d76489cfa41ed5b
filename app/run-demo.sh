#!/usr/bin/env bash
# Builds the node and runs its demo.
#
# usage: app/run-demo.sh [ARGUMENTS OF onewriter demo]
#
# Installs missing packages with apt-get where it may, asking for nothing.
set -euo pipefail

# shellcheck source=app/prepare.sh
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

prepare demo
# Tests stay part of the build directory where they can be built, so that this
# command and tests/run-tests.sh share it.
options=(-DONEWRITER_BUILD_TESTS=OFF)
if has_catch2; then
  options=(-DONEWRITER_BUILD_TESTS=ON)
fi
if [[ -n ${CI-} ]]; then
  options+=(-DONEWRITER_WARNINGS_AS_ERRORS=ON)
fi
configure release "${options[@]}"
build release --target onewriter_node
exec "$tree/build/release/app/onewriter" demo "$@"
