# The portable .NET tool: dotnet tool install reconciler. It needs the .NET runtime, and has no native program.
# shellcheck shell=bash

make_tool() {
  local packed="$work/tool"
  dotnet pack src/Reconciler --configuration Release --output "$packed" \
    -p:ContinuousIntegrationBuild=true -p:EnableSourceLink=false -p:RunAnalyzers=false > "$work/tool.log" \
    || { cat "$work/tool.log" >&2; fail "the .NET tool cannot be packed"; }
  mkdir -p "$work/net10.0"
  cp src/Reconciler/obj/project.assets.json "$work/net10.0/assets.json"
  python3 build/packaging/same_zip.py "$packed/reconciler.$version.nupkg" "$output/reconciler.$version.nupkg"
  make_sbom net10.0 "reconciler.$version.nupkg" application
}
