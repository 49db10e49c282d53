# The portable .NET tool: dotnet tool install reconciler. It needs the .NET runtime, and has no native program.
# shellcheck shell=bash

make_tool() {
  local packed="$work/tool" tool="$work/net10.0"
  mkdir -p "$tool"
  # The publishing of a platform leaves its own list of packages.
  dotnet restore src/Reconciler --locked-mode --force --verbosity quiet
  cp src/Reconciler/obj/project.assets.json "$tool/assets.json"
  python3 build/packaging/notices.py "$tool/assets.json" "$tool/licenses"
  dotnet pack src/Reconciler --configuration Release --output "$packed" \
    -p:ContinuousIntegrationBuild=true -p:EnableSourceLink=false -p:RunAnalyzers=false -p:LicencesFolder="$tool/licenses" > "$work/tool.log" \
    || { cat "$work/tool.log" >&2; fail "the .NET tool cannot be packed"; }
  python3 build/packaging/same_zip.py "$packed/reconciler.$version.nupkg" "$output/reconciler.$version.nupkg"
  make_sbom net10.0 "reconciler.$version.nupkg" application
}
