# The native program of a platform, with what people read and what shells complete.
# shellcheck shell=bash

# Publishes to $work/PLATFORM/program, and lays out $work/PLATFORM/share: licences, manual pages, completions, and what
# a worker under systemd begins with.
make_native() {
  local platform="$1" program="$work/$1/program" share="$work/$1/share" log="$work/$1.log"
  dotnet publish src/Reconciler --configuration Release --runtime "$platform" --output "$program" \
    -p:PublishAot=true -p:ContinuousIntegrationBuild=true -p:EnableSourceLink=false -p:RunAnalyzers=false > "$log" \
    || { cat "$log" >&2; fail "the program does not become a native one for $platform"; }
  # What the publishing of this platform was made of, before that of another one replaces it.
  cp src/Reconciler/obj/project.assets.json "$work/$platform/assets.json"
  mkdir -p "$share/man/man1" "$share/completions" "$share/systemd"
  cp build/packaging/man/*.1 "$share/man/man1/"
  cp build/packaging/completions/* "$share/completions/"
  cp examples/systemd/reconciler-worker.service examples/systemd/worker.yaml examples/acme/guardrails.yaml \
    examples/acme/connections.yaml "$share/systemd/"
  cp LICENSE CHANGELOG.md "$share/"
  python3 build/packaging/notices.py "$work/$platform/assets.json" "$share/licenses"
  # The image takes them from there.
  cp -r "$share/licenses" "$program/"
  echo "$(stat --format=%s "$program/reconciler") bytes"
}
