# What the parts of build/release share.
# shellcheck shell=bash

step() { printf '\n== %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$1" >&2; exit 1; }

# Writes files of a folder as a tar: names in order, one owner, one time, so that the same files give the same bytes.
#   same_tar FOLDER NAME...
same_tar() {
  tar --create --directory "$1" --sort=name --format=ustar --mtime="@$SOURCE_DATE_EPOCH" \
    --owner=0 --group=0 --numeric-owner --mode='u+rwX,go+rX,go-w' "${@:2}"
}

#   pack PARENT FOLDER ARCHIVE
pack() { same_tar "$1" "$2" | gzip --no-name -9 > "$3"; }

# The architecture of a platform, as Debian and images name it.
architecture_of() {
  case "$1" in
    linux-x64) echo amd64 ;;
    linux-arm64) echo arm64 ;;
    *) fail "$1 is no platform of a release; expected linux-x64 or linux-arm64" ;;
  esac
}

# The platform of this machine.
platform_here() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo linux-x64 ;;
    Linux-aarch64) echo linux-arm64 ;;
    *) fail "a release is for Linux on x86_64 and aarch64, and so is what makes it" ;;
  esac
}

# The time of the commit, as JSON has times.
time_of_commit() { date --utc --date="@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ; }
