#!/usr/bin/env bash
# Names the sources that clang-format would change. .clang-format is written for
# version 14; findings of other versions are shown, but are no failure.
#
# usage: tests/check-format.sh
#
# Exit status: 0 formatted, 1 not formatted, 77 not checked.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
formatter="$(command -v clang-format-14 || command -v clang-format)" || {
  echo "clang-format is not installed"
  exit 77
}
version="$("$formatter" --version | sed 's/.*version \([0-9]*\).*/\1/')"
# A process for each file would take most of the time.
complaints="$(find messages actors app bench tests \
  \( -name '*.hpp' -o -name '*.cpp' \) -print0 |
  xargs -0 "$formatter" --dry-run 2>&1)"
if [[ -z $complaints ]]; then
  exit 0
fi
unformatted="$(sed -n 's/:[0-9]*:[0-9]*: warning: code should be.*//p' \
  <<<"$complaints" | sort -u | tr '\n' ' ')"
if [[ -z $unformatted ]]; then
  echo "$complaints"
  exit 1
fi
echo "clang-format $version would change: $unformatted"
if [[ $version != 14 ]]; then
  exit 77
fi
echo "mend with: $(basename "$formatter") -i $unformatted"
exit 1
