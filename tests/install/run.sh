#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs a build to a scratch folder and uses it there as others do: C++ and C by find_package, C by pkg-config, with
# the shared library and, where it was built, with the archive that needs nothing else.
#   tests/install/run.sh BUILD_FOLDER
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
life=$here/../bindings/c/life_test.c
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
step() { echo "-- $*"; }
cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
flags=$(cached CMAKE_CXX_FLAGS)
prefix=$scratch/prefix
cmake --install "$build" --prefix "$prefix" >/dev/null
libdir=$prefix/$(cached CMAKE_INSTALL_LIBDIR)

consume() {  # a project; arguments for it
  local project=$1
  shift
  cmake -S "$here/$project" -B "$scratch/$project" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_FLAGS="$flags" \
    -DCMAKE_C_FLAGS="$flags" --no-warn-unused-cli "$@" >/dev/null
  cmake --build "$scratch/$project" >/dev/null
}
# Only what every system has; no library of ours either.
needs_nothing() {
  local needed
  needed=$(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
    grep -vE '^(libc|libm|libstdc\+\+|libgcc_s|ld-linux.*)\.so' || true)
  [[ -z $needed ]] || { echo "needs $needed" >&2; return 1; }
}

step "C++ by find_package"
consume cxx
"$scratch/cxx/consumer"
if [[ -e $scratch/cxx/beside ]]; then "$scratch/cxx/beside"; fi
[[ -e $prefix/include/nayose.h ]] || { echo "no C API in this build"; exit 0; }

step "C by find_package, C compiler only"
consume c -DPROGRAM="$life"
"$scratch/c/shared" "$scratch/life"

step "the manual names what there is"
manual=$prefix/share/man/man3/nayose.3
for name in $(grep -oE 'libmpi_[a-z][a-z_]*' "$manual" | sort -u); do
  grep -qw "$name" "$prefix/include/nayose.h" || { echo "nayose.3 names $name, nayose.h does not" >&2; exit 1; }
done
if [[ -e $prefix/bin/nayose ]]; then
  diff <("$prefix/bin/nayose" --help | awk '/^Subcommands:/{ on = 1; next } !NF{ on = 0 } on{ print $1 }') \
    <(sed -n 's/^\.It Cm //p' "$prefix/share/man/man1/nayose.1")
fi

step "C by pkg-config: the manual's example"
export PKG_CONFIG_PATH=$libdir/pkgconfig
"$here/manual_example" <"$manual" >"$scratch/example.c"
# shellcheck disable=SC2046,SC2086
cc -std=c11 -Wall -Wextra -Werror $flags "$scratch/example.c" -o "$scratch/example" \
  $(pkg-config --cflags --libs nayose) -Wl,-rpath,"$libdir"
(cd "$scratch" && ./example) | grep -E '^person [0-9a-f]{32}$'

[[ -e $libdir/libnayose.a ]] || { echo "no libnayose.a in this build"; exit 0; }
step "C with libnayose.a: by pkg-config, and by find_package"
# shellcheck disable=SC2046
cc -std=c11 "$life" -o "$scratch/alone" $(pkg-config --cflags --libs nayose-static)
for program in alone c/static; do
  rm -rf "$scratch"/life*
  needs_nothing "$scratch/$program"
  "$scratch/$program" "$scratch/life"
done
# What --static says is enough where there is no shared library.
rm "$libdir"/libnayose.so*
# shellcheck disable=SC2046
cc -std=c11 "$life" -o "$scratch/static" $(pkg-config --static --cflags --libs nayose)
needs_nothing "$scratch/static"

step "libnayose.a defines nothing but the C API"
other=$(nm -g --defined-only "$libdir/libnayose.a" | awk 'NF == 3 && $3 !~ /^libmpi_/ { print $3 }')
[[ -z $other ]] || { echo "also: $other" >&2; exit 1; }
[[ $(nm -g --defined-only "$libdir/libnayose.a" | grep -c ' T libmpi_') -eq \
   $(nm -gD --defined-only "$build"/bindings/c/libnayose.so | grep -c ' T libmpi_') ]] ||
  { echo "not all functions are there" >&2; exit 1; }
