# What the parts of build/release share.
# shellcheck shell=bash

step() { printf '\n== %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$1" >&2; exit 1; }

# Packs a folder below $work: names in order, one owner, one time, so that the same files give the same bytes.
#   pack PARENT FOLDER ARCHIVE
pack() {
  tar --create --directory "$1" --sort=name --format=ustar --mtime="@$SOURCE_DATE_EPOCH" \
    --owner=0 --group=0 --numeric-owner --mode='u+rwX,go+rX,go-w' "$2" | gzip --no-name -9 > "$3"
}

# The architecture of a platform, as Debian and images name it.
architecture_of() {
  case "$1" in
    linux-x64) echo amd64 ;;
    linux-arm64) echo arm64 ;;
    *) fail "$1 is no platform of a release; expected linux-x64 or linux-arm64" ;;
  esac
}

# Whether this machine can run what is built for a platform.
runs_here() { [ "$(uname -s)-$(uname -m)" = Linux-"$([ "$1" = linux-x64 ] && echo x86_64 || echo aarch64)" ]; }

# The time of the commit, as JSON has times.
time_of_commit() { date --utc --date="@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ; }
