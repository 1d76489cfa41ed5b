# shellcheck shell=bash
# Sourced by app/run-demo.sh and tests/run-tests.sh: installs what a build needs
# and this machine lacks, configures and builds. Everything that is said here
# goes to standard error; standard output belongs to the program that is run.

# The root of the source tree; read by the scripts that source this file.
tree="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

say() {
  printf 'onewriter: %s\n' "$*" >&2
}

fail() {
  say "$@"
  exit 1
}

has_program() {
  command -v "$1" >/dev/null 2>&1
}

# Whether the compiler or CMake would find header $1.
has_header() {
  local prefixes prefix
  IFS=':' read -r -a prefixes <<<"${CMAKE_PREFIX_PATH-}:/usr/local:/usr"
  for prefix in "${prefixes[@]}"; do
    if [[ -n $prefix && -e $prefix/include/$1 ]]; then
      return 0
    fi
  done
  printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" \
    | "${CXX:-c++}" -x c++ -E - >/dev/null 2>&1
}

has_catch2() {
  has_header catch2/catch_all.hpp || has_header catch2/catch.hpp
}

# Sets `missing` to the packages, by their names in Debian, of what is not here.
# $1 is "tests" where the tests are to be built too.
find_missing() {
  missing=()
  has_program "${CXX:-c++}" || missing+=(g++)
  has_program cmake || missing+=(cmake)
  has_program ninja || has_program make || missing+=(ninja-build)
  has_header caf/all.hpp || missing+=(libcaf-dev)
  has_header sqlite3.h || missing+=(libsqlite3-dev)
  has_header CLI/CLI.hpp || missing+=(libcli11-dev)
  has_header nlohmann/json.hpp || missing+=(nlohmann-json3-dev)
  has_header openssl/ssl.h || missing+=(libssl-dev)
  # Without it the shell works, but its lines cannot be edited.
  has_header histedit.h || missing+=(libedit-dev)
  [[ $1 != tests ]] || has_catch2 || missing+=(catch2)
}

# Runs a command as root, without asking for a password.
as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

# Installs packages $@, or ends the script and says what has to be done.
install_packages() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q
    -o DPkg::Lock::Timeout=300)
  if ! has_program apt-get || ! as_root true >/dev/null 2>&1; then
    say "missing: $* (these are the names of Debian's packages)"
    fail "cannot install them from here; as root: apt-get install $*"
  fi
  say "missing: $*; installing with apt-get"
  as_root "${apt[@]}" update </dev/null >&2 \
    || say "apt-get update failed; trying with the package lists that are here"
  as_root "${apt[@]}" install --yes --no-install-recommends "$@" \
    </dev/null >&2 || fail "apt-get could not install: $*"
}

# Makes sure that everything is here to build the node and, where $1 is "tests",
# the tests.
prepare() {
  local missing version
  find_missing "$1"
  if [[ ${#missing[@]} -gt 0 ]]; then
    install_packages "${missing[@]}"
    hash -r
    find_missing "$1"
    [[ ${#missing[@]} -eq 0 ]] || fail "still missing: ${missing[*]}"
  fi
  version="$(cmake --version | sed -n '1s/[^0-9]*//p')"
  if [[ $(printf '3.21\n%s\n' "$version" | sort -V | head -n 1) != 3.21 ]]; then
    fail "CMake 3.21 or later is needed here, this is $version"
  fi
}

cores() {
  nproc 2>/dev/null || getconf _NPROCESSORS_ONLN
}

# Configures preset $1 with the options $@ that follow.
configure() {
  local preset="$1"
  shift
  if has_program ninja; then
    # Only asked for where the build directory is new.
    export CMAKE_GENERATOR="${CMAKE_GENERATOR:-Ninja}"
  fi
  say "configuring build/$preset"
  cmake -S "$tree" --preset "$preset" "$@" >&2 || fail "cannot configure"
}

# Builds preset $1; what follows are arguments for cmake --build.
build() {
  local preset="$1"
  shift
  say "building build/$preset on $(cores) cores"
  cmake --build "$tree/build/$preset" --parallel "$(cores)" "$@" >&2 \
    || fail "cannot build"
}
