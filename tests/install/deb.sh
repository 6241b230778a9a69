#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the Debian packages of a build, installs them on a copy of this system (an overlay that is thrown away) where
# neither the source nor the build is to be seen, without a network, and uses them there.
#   tests/install/deb.sh BUILD_FOLDER
# Exit code 77: not possible here, and why.
set -Eeuo pipefail
trap 'echo "deb.sh, line $LINENO: $BASH_COMMAND" >&2' ERR
here=$(cd "$(dirname "$0")" && pwd)
skip() { echo "skipped: $*"; exit 77; }
step() { echo "-- $*"; }

# ---- Inside, with the copy as the root folder ----
if [[ ${1:-} == --inside ]]; then
  source=$2 cxx_flags=${3:-}
  cd /nayose-test
  [[ -z $(ls -A "$source") ]] || { echo "the source is to be seen" >&2; exit 1; }
  step "dpkg -i"
  rm -f /var/lib/man-db/auto-update  # the index of manuals takes seconds
  dpkg --force-unsafe-io --path-include='/usr/share/man/*' --path-include='/usr/share/doc/*' -i ./*.deb
  libdir=/usr/lib/$(cc -print-multiarch)
  ldconfig -p | grep -q "libnayose.so.1 .*=> .*/$(cc -print-multiarch)/libnayose.so.1" ||
    { echo "not in $libdir: the build's CMAKE_INSTALL_LIBDIR is an old one, run cmake --fresh" >&2; exit 1; }
  [[ $(cd / && nayose --version) == "nayose $(dpkg-query -W -f '${Version}' nayose | sed 's/-.*//')" ]]
  for package in libnayose1 libnayose-dev nayose; do
    [[ -e /usr/share/doc/$package/copyright && -e /usr/share/doc/$package/changelog.Debian.gz ]]
    [[ -z $(dpkg --verify "$package") ]]
  done
  for page in man1/nayose.1.gz man3/nayose.3.gz; do [[ -e /usr/share/man/$page ]]; done
  step "the manual's example, by pkg-config"
  zcat /usr/share/man/man3/nayose.3.gz | ./manual_example >example.c
  # shellcheck disable=SC2046,SC2086
  cc -std=c11 -Wall -Wextra -Werror $cxx_flags example.c -o example $(pkg-config --cflags --libs nayose)
  ./example | grep -E '^person [0-9a-f]{32}$'
  step "a registry's whole life, shared and static"
  # shellcheck disable=SC2046,SC2086
  cc -std=c11 $cxx_flags life_test.c -o life $(pkg-config --cflags --libs nayose)
  ./life shared
  if [[ -e $libdir/libnayose.a ]]; then
    # shellcheck disable=SC2046
    cc -std=c11 life_test.c -o life_static $(pkg-config --cflags --libs nayose-static)
    ./life_static static
  fi
  step "what a program's package would depend on"
  mkdir -p debian && echo "Source: x" >debian/control
  dpkg-shlibdeps -O ./life 2>/dev/null | grep -o 'libnayose1 ([^)]*)'
  step "dpkg --purge"
  dpkg --purge nayose libnayose-dev libnayose1 >/dev/null
  [[ ! -e /usr/bin/nayose && ! -e $libdir/libnayose.so.1 && ! -e /usr/include/nayose.h ]]
  exit 0
fi

# ---- Inside the namespace: the copy ----
if [[ ${1:-} == --copy ]]; then
  scratch=$2 source=$3 build=$4 flags=${5:-}
  mkdir "$scratch/copy"
  mount -t tmpfs tmpfs "$scratch/copy" || skip "no tmpfs may be mounted here"
  mkdir "$scratch"/copy/{upper,work,root}
  root=$scratch/copy/root
  mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/copy/upper,workdir=$scratch/copy/work" "$root" ||
    skip "no overlay of / may be mounted here"
  mkdir "$root/nayose-test"
  cp "$scratch"/debs/*.deb "$here/manual_example" "$here/../bindings/c/life_test.c" "$here/deb.sh" "$root/nayose-test"
  for folder in "$source" "$build" "$scratch"; do
    [[ $folder == "$source"/* ]] && continue
    mkdir -p "$root$folder"
    mount -t tmpfs tmpfs "$root$folder"
  done
  mount --rbind /dev "$root/dev"
  mount --rbind /proc "$root/proc"
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    chroot "$root" /nayose-test/deb.sh --inside "$source" "$flags"
fi

build=$(cd "$1" && pwd)
source=$(cd "$here/../.." && pwd)
cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
for tool in dpkg dpkg-shlibdeps dpkg-gensymbols unshare file pkg-config; do
  command -v "$tool" >/dev/null || skip "no $tool"
done
[[ -e $build/CPackConfig.cmake ]] || skip "this build makes no packages"
[[ $(cached CMAKE_CXX_FLAGS) != *-fsanitize* ]] || skip "packages are not made of a sanitizer's build"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

step "cpack"
# zstd: a quarter of the time.
cpack --config "$build/CPackConfig.cmake" -D CPACK_DEBIAN_COMPRESSION_TYPE=zstd -B "$scratch/debs" \
  >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
rm -rf "$scratch/debs/_CPack_Packages"
for deb in "$scratch"/debs/*.deb; do
  echo "$(basename "$deb") $(stat -c %s "$deb") bytes, depends on $(dpkg-deb -f "$deb" Depends)"
done
step "every symbol has its version in packaging/debian/symbols, and no symbol is gone"
mkdir "$scratch/library"
dpkg-deb -x "$scratch"/debs/libnayose1_*.deb "$scratch/library"
dpkg-gensymbols -plibnayose1 -v"$(dpkg-deb -f "$scratch"/debs/libnayose1_*.deb Version)" -c4 \
  -I"$source/packaging/debian/symbols" -e"$(find "$scratch/library" -name 'libnayose.so.1')" -O"$scratch/symbols"
[[ $(id -u) -eq 0 ]] || skip "installing packages needs root"
unshare -m -n true 2>/dev/null || skip "no namespaces may be made here"
unshare -m -n "$here/deb.sh" --copy "$scratch" "$source" "$build" "$(cached CMAKE_CXX_FLAGS)" ||
  exit $?
