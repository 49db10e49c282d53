#!/usr/bin/env bash
# Gets the program: the one that is named, or that of a release, whose checksum is checked before anything of it runs.
# shellcheck source=action/common.sh
source "$(dirname "$0")/common.sh"

if [ -n "$ACCESS_PROGRAM" ]; then
  program="$(realpath -- "$ACCESS_PROGRAM" 2> /dev/null || true)"
  if [ ! -f "$program" ] || [ ! -x "$program" ]; then
    fail "the input program names $ACCESS_PROGRAM, which is no program"
  fi
  output program "$program"
  exit 0
fi

[[ $ACCESS_VERSION =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] \
  || fail "the input version is \"$ACCESS_VERSION\"; expected a release such as v1.2.3, or the input program"
[ -z "$ACCESS_SHA256" ] || [[ $ACCESS_SHA256 =~ ^[0-9a-f]{64}$ ]] \
  || fail "the input sha256 is \"$ACCESS_SHA256\"; expected 64 hexadecimal digits"
# GitHub does not tell every step which repository its action comes from.
[[ $ACCESS_RELEASES =~ ^[^/[:space:]]+/[^/[:space:]]+$ ]] \
  || fail "the repository of the releases is not known here; name it with the input releases-repository"
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=linux-x64 ;;
  Linux-aarch64) target=linux-arm64 ;;
  *) fail "there is no release for $(uname -s) on $(uname -m); build the program, and name it with the input program" ;;
esac

archive="reconciler-${ACCESS_VERSION#v}-$target.tar.gz"
folder="$work/program-$ACCESS_VERSION"
rm -rf "$folder"
mkdir -p "$folder"
gh release download "$ACCESS_VERSION" --repo "$ACCESS_RELEASES" --dir "$folder" \
  --pattern "$archive" --pattern SHA256SUMS \
  || fail "$archive of $ACCESS_RELEASES could not be downloaded; a private repository needs releases-token"
cd "$folder"
if [ -n "$ACCESS_SHA256" ]; then
  echo "$ACCESS_SHA256  $archive" > expected
else
  # The name is compared as a word: a dot of a pattern would fit any character.
  awk -v name="$archive" '$2 == name || $2 == "*" name' SHA256SUMS > expected
  [ "$(wc -l < expected)" -eq 1 ] || fail "SHA256SUMS of $ACCESS_VERSION does not name $archive once"
fi
sha256sum --check --strict --quiet expected || fail "$archive is not what its checksum says; nothing of it was run"
tar --extract --gzip --file "$archive" --no-same-owner
program="$(find "$folder" -type f -name reconciler | sed -n 1p)"
[ -n "$program" ] || fail "$archive holds no program named reconciler"
output program "$program"
