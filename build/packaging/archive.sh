# The archive of a platform: one folder that can lie anywhere. The CI action and component run what is in it.
# shellcheck shell=bash

make_archive() {
  local platform="$1" name="reconciler-$version-$1" folder
  folder="$work/archive/$name"
  mkdir -p "$folder"
  cp "$work/$platform/program/reconciler" "$work/$platform/program"/*.so "$folder/"
  cp -r "$work/$platform/share/." "$folder/"
  chmod 0755 "$folder/reconciler"
  pack "$work/archive" "$name" "$output/$name.tar.gz"
}
