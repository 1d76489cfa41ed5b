#!/usr/bin/env bash
# Prints the sizes of headers, functions and folders, in lines and files.
#
# usage: tests/measure-sizes.sh [TREE]
#
# A function's size is the number of its lines from its name to its closing
# brace, as Universal Ctags reports them. Needs git and universal-ctags.
set -euo pipefail

cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"
if ! ctags --version 2>/dev/null | grep -q '^Universal Ctags'; then
  echo "Universal Ctags is missing (Debian: universal-ctags)" >&2
  exit 1
fi

# Prints median, 90th percentile and maximum of the numbers on standard input.
spread() {
  sort -n | awk -v what="$1" '
    { x[NR] = $1 }
    function rank(share) { return x[int((NR - 1) * share) + 1] }
    END {
      printf "%-10s %5d  median %3d  p90 %3d  max %3d\n",
        what, NR, rank(0.5), rank(0.9), x[NR]
    }'
}

# Prints size, name and file of each function.
functions() {
  git ls-files '*.hpp' '*.cpp' |
    ctags -L - -f - --languages=C++ --kinds-C++=f --fields=ne 2>/dev/null |
    awk -F'\t' '{
      for (i = 4; i <= NF; ++i)
        if ($i ~ /^(line|end):/)
          at[substr($i, 1, index($i, ":") - 1)] = substr($i, index($i, ":") + 1)
      print at["end"] - at["line"] + 1, $1, $2
    }'
}

git ls-files '*.hpp' | xargs wc -l | awk '$2 != "total"' | spread headers
functions | spread functions
git ls-files | grep / | sed 's|/[^/]*$||' | sort | uniq -c | spread folders
echo "functions over 60 lines:"
functions | awk '$1 > 60 { print "  " $0 }'
