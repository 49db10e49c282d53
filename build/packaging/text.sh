# What a release publishes that is text: the chart, the schemas, and what CI systems include.
# shellcheck shell=bash

# As `helm package` names it, and unpacked by it. Its own archives differ by the time of the packing.
make_chart() {
  mkdir -p "$work/chart"
  cp -r charts/reconciler "$work/chart/"
  [ "$trial" = no ] || sed -i "s/^version: .*/version: $version/; s/^appVersion: .*/appVersion: \"$version\"/" \
    "$work/chart/reconciler/Chart.yaml"
  pack "$work/chart" reconciler "$output/reconciler-$version.tgz"
}

make_schemas() {
  mkdir -p "$work/schemas"
  cp -r schemas "$work/schemas/reconciler-schemas-$version"
  pack "$work/schemas" "reconciler-schemas-$version" "$output/reconciler-schemas-$version.tar.gz"
}

# The action and the component are read from the tag; the archive is for those who keep copies of their own.
make_ci() {
  local folder="$work/ci/reconciler-ci-$version"
  mkdir -p "$folder"
  cp -r action.yml action templates LICENSE "$folder/"
  cp -r examples/ci "$folder/examples"
  pack "$work/ci" "reconciler-ci-$version" "$output/reconciler-ci-$version.tar.gz"
}
