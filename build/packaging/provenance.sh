# Where the files come from, which they are, and who says so.
# shellcheck shell=bash

# A statement in the form of in-toto, with what SLSA asks of a build. It has no time of its own: two builds of one
# commit say the same.
make_provenance() {
  local packages linker
  packages="$(packages_of_lock_files)"
  linker="$({ clang --version || gcc --version; } 2> /dev/null | sed -n 1p)"
  (cd "$output" && sha256sum -- *) \
    | jq --raw-input --slurp --sort-keys --arg version "$version" --arg revision "$revision" \
      --arg platforms "$platforms" --arg source "${RELEASE_SOURCE:-}" \
      --arg builder "${RELEASE_BUILDER:-https://reconciler.dev/builders/unnamed}" \
      --arg sdk "$(dotnet --version)" --arg linker "$linker" --argjson packages "$packages" '{
        _type: "https://in-toto.io/Statement/v1",
        subject: split("\n") | map(select(. != "") | {name: .[66:], digest: {sha256: .[:64]}}),
        predicateType: "https://slsa.dev/provenance/v1",
        predicate: {
          buildDefinition: {
            buildType: "https://reconciler.dev/builds/release/v1",
            externalParameters: {version: $version, platforms: ($platforms | split(" "))},
            internalParameters: {sdk: $sdk, linker: $linker},
            resolvedDependencies: ([{name: "source", digest: {gitCommit: $revision}}
              + (if $source == "" then {} else {uri: "git+\($source)@\($revision)"} end)] + $packages)
          },
          runDetails: {builder: {id: $builder}}
        }
      }' > "$work/provenance.json"
  mv "$work/provenance.json" "$output/reconciler-$version.intoto.json"
}

# The packages that the program is built with. NuGet's own hash of a package leaves its signature out.
packages_of_lock_files() {
  jq --null-input '[inputs.dependencies[] | to_entries[] | select(.value.contentHash)
      | {name: .key, version: .value.resolved, hash: .value.contentHash}] | unique
    | map({uri: "pkg:nuget/\(.name)@\(.version)", annotations: {"nuget-content-hash": .hash}})' src/*/packages.lock.json
}

make_sums() { (cd "$output" && sha256sum -- *) > "$work/SHA256SUMS" && mv "$work/SHA256SUMS" "$output/"; }
