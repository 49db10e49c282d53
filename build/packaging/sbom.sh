# Lists of what is in a file that holds a program, in the form of CycloneDX: FILE.cdx.json beside FILE.
# shellcheck shell=bash

make_sboms() {
  make_sbom "$1" "reconciler-$version-$1.tar.gz" application
  make_sbom "$1" "reconciler_${version}_$(architecture_of "$1").deb" application
}

# Writes the list of one file, with more components than the libraries where a JSON array of them is given.
make_sbom() {
  local platform="$1" file="$2" kind="$3" packages="${4:-[]}" runtime
  [ -e "$work/$platform/libraries.json" ] || list_libraries "$platform"
  runtime="$(jq '[.components[] | select(.type == "framework") | ."bom-ref"]' "$work/$platform/libraries.json")"
  jq --sort-keys --arg file "$file" --arg kind "$kind" --arg version "$version" --arg time "$(time_of_commit)" \
    --arg sha256 "$(sha256sum "$output/$file" | cut -d' ' -f1)" --arg revision "$revision" \
    --argjson packages "$packages" --argjson runtime "$runtime" '
      .metadata.timestamp = $time
      | .metadata.component = {
          type: $kind, "bom-ref": "reconciler@\($version)", name: "reconciler", version: $version,
          licenses: [{license: {id: "MIT"}}], hashes: [{alg: "SHA-256", content: $sha256}],
          properties: [{name: "reconciler:file", value: $file}, {name: "reconciler:commit", value: $revision}]
        }
      | .components += $packages
      | .dependencies |= map(if (.ref | ascii_downcase | startswith("reconciler@"))
          then .ref = "reconciler@\($version)" | .dependsOn += [$packages[]."bom-ref", $runtime[]] else . end)
      | .components |= sort_by(."bom-ref")' \
    "$work/$platform/libraries.json" > "$output/$file.cdx.json"
}

# The libraries of the last build: those of NuGet, and the runtime, which a native program holds and the .NET tool asks
# for. What only builds is left out.
list_libraries() {
  local platform="$1" folder="$work/$1" runtime log="$work/$1-sbom.log"
  dotnet tool run dotnet-CycloneDX src/Reconciler/Reconciler.csproj --output "$folder" --filename nuget.json \
    --output-format Json --spec-version 1.6 --disable-package-restore --no-serial-number --exclude-dev \
    --exclude-filter Vecc.YamlDotNet.Analyzers.StaticGenerator > "$log" 2>&1 \
    || { cat "$log" >&2; fail "the libraries of $platform cannot be listed"; }
  runtime="$(jq --raw-output '
    [.libraries | keys[] | select(startswith("Microsoft.DotNet.ILCompiler/")) | split("/")[1]][0] // ""' \
    "$folder/assets.json")"
  jq --arg runtime "$runtime" '
      if $runtime == "" then . else .components += [{
          type: "framework", "bom-ref": "pkg:nuget/Microsoft.DotNet.ILCompiler@\($runtime)", name: ".NET runtime",
          version: $runtime, description: "Compiled into the program", scope: "required",
          licenses: [{license: {id: "MIT"}}], purl: "pkg:nuget/Microsoft.DotNet.ILCompiler@\($runtime)"
        }, {
          type: "framework", "bom-ref": "pkg:nuget/Microsoft.AspNetCore.App@\($runtime)", name: "ASP.NET Core runtime",
          version: $runtime, description: "Compiled into the program", scope: "required",
          licenses: [{license: {id: "MIT"}}], purl: "pkg:nuget/Microsoft.AspNetCore.App@\($runtime)"
        }] end
      # Licences that a package names by a file alone; PackageLicenceTests says which they are.
      | .components |= map(if .name != "SourceGear.sqlite3" then .
          else .licenses = [{license: {name: "Public domain"}}] end)' "$folder/nuget.json" > "$folder/libraries.json"
}
