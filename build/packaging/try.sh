#!/usr/bin/env bash
# Tries what build/release made, as the people do who install it; without root, so nothing is installed.
#   build/packaging/try.sh RELEASE FOLDER     FOLDER/reconciler is then the program of the archive
set -euo pipefail
# shellcheck source=build/packaging/common.sh
source "$(dirname "$0")/common.sh"
release="$(cd "$1" && pwd)" folder="$2"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"
(cd "$release" && sha256sum --check --strict --quiet SHA256SUMS) || fail "SHA256SUMS does not fit the files"
platform="$(platform_here)"
architecture="$(architecture_of "$platform")"

# The archive, as the CI action looks into it.
tar --extract --gzip --directory "$folder" --strip-components=1 --file "$release"/reconciler-*-"$platform".tar.gz
[ "$(find "$folder" -type f -name reconciler)" = "$folder/reconciler" ] \
  || fail "the archive does not hold one file named reconciler"
version="$("$folder/reconciler" --version)"
echo "the archive: $version"

# The package: its program, its pages, its unit.
dpkg-deb --extract "$release"/reconciler_*_"$architecture".deb "$folder/deb"
[ "$("$folder/deb/usr/bin/reconciler" --version)" = "$version" ] \
  || fail "the package holds another program than the archive"
grep -q "^ExecStart=/usr/bin/reconciler " "$folder/deb/usr/lib/systemd/system/reconciler-worker.service" \
  || fail "the unit starts another program"
[ ! -e "$folder/deb/usr/local" ] || fail "the package has files below /usr/local"
command -v groff > /dev/null || fail "groff, which reads the manual pages, is missing"
for page in "$folder"/deb/usr/share/man/man1/*.gz; do
  said="$(gzip -cd "$page" | groff -k -man -Tutf8 -ww -z 2>&1)"
  [ -z "$said" ] || fail "$(basename "$page"): $said"
done
echo "the package: $(dpkg-deb --field "$release"/reconciler_*_"$architecture".deb Version Depends | tr '\n' ' ')"

# The .NET tool, from this folder alone.
cat > "$folder/nuget.config" <<END
<configuration><packageSources><clear /><add key="release" value="$release" /></packageSources></configuration>
END
dotnet tool install reconciler --prerelease --tool-path "$folder/tool" --configfile "$folder/nuget.config" \
  > "$folder/tool.log" || { cat "$folder/tool.log" >&2; fail "the .NET tool cannot be installed"; }
[ "$("$folder/tool/reconciler" --version)" = "$version" ] || fail "the .NET tool has another version than the archive"
"$folder/tool/reconciler" demo --no-color > "$folder/demo.txt" \
  || { tail -5 "$folder/demo.txt" >&2; fail "the demo of the .NET tool failed"; }
# It holds the licences of the archive, but for those of the runtime, which it does not bring.
missing="$(comm -23 \
  <(find "$folder" \( -path "$folder/tool" -o -path "$folder/deb" \) -prune -o -path '*/licenses/*.txt' -printf '%f\n' \
    | grep -vE '^(Microsoft\.DotNet\.ILCompiler|Microsoft\.(AspNetCore|NETCore)\.App)' | sort -u) \
  <(find "$folder/tool/.store" -path '*/licenses/*.txt' -printf '%f\n' | sort -u))"
[ -z "$missing" ] || fail "the .NET tool lacks licences: $missing"
echo "the .NET tool: $("$folder/tool/reconciler" --version)"

# Each list of contents names its file by its hash, and every library has a name, a version and a licence.
for list in "$release"/*.cdx.json; do
  file="$(jq --raw-output '.metadata.component.properties[] | select(.name == "reconciler:file").value' "$list")"
  told="$(jq --raw-output '.metadata.component.hashes[0].content' "$list")"
  [ "$told" = "$(sha256sum "$release/$file" | cut -d' ' -f1)" ] || fail "$(basename "$list") is about another $file"
  jq --exit-status '.components | length > 15 and all((.name // "") != "" and (.version // "") != ""
      and ((.purl | startswith("pkg:deb/")) or (.licenses // []) != []))' "$list" > /dev/null \
    || fail "$(basename "$list") has a component without a name, a version or a licence"
  [[ $list != *-image-* ]] \
    || jq --exit-status 'any(.components[]; .purl | startswith("pkg:deb/"))' "$list" > /dev/null \
    || fail "$(basename "$list") has no package of the distribution"
  jq --exit-status '.metadata.component."bom-ref" as $root
      | any(.dependencies[]; .ref == $root and (.dependsOn | length > 5))' "$list" > /dev/null \
    || fail "$(basename "$list") does not say what the program depends on"
done
# The provenance names every file but itself and what came after it.
files="$(cd "$release" && find . -type f ! -name 'SHA256SUMS*' ! -name '*.intoto.json*' -printf '%P\n' | sort)"
[ "$(jq --raw-output '.subject[].name' "$release"/*.intoto.json | sort)" = "$files" ] \
  || fail "the provenance does not name every file"

# The signatures, where there are some, with the public key that is named.
if [ -n "${RELEASE_PUBLIC_KEY:-}" ]; then
  base64 --decode "$release/SHA256SUMS.sig" > "$folder/sums.der"
  openssl dgst -sha256 -verify "$RELEASE_PUBLIC_KEY" -signature "$folder/sums.der" "$release/SHA256SUMS" > /dev/null \
    || fail "the signature of SHA256SUMS is not of this key"
  jq --raw-output .payload "$release"/*.intoto.jsonl | base64 --decode > "$folder/statement"
  cmp "$folder/statement" "$release"/*.intoto.json || fail "the envelope holds another provenance"
  type="$(jq --raw-output .payloadType "$release"/*.intoto.jsonl)"
  { printf 'DSSEv1 %s %s %s ' "${#type}" "$type" "$(stat --format=%s "$folder/statement")"; cat "$folder/statement"; } \
    > "$folder/signed"
  jq --raw-output '.signatures[0].sig' "$release"/*.intoto.jsonl | base64 --decode > "$folder/envelope.der"
  openssl dgst -sha256 -verify "$RELEASE_PUBLIC_KEY" -signature "$folder/envelope.der" "$folder/signed" > /dev/null \
    || fail "the signature of the provenance is not of this key"
  echo "the signatures: of the key $RELEASE_PUBLIC_KEY"
fi
echo "$(find "$release" -name '*.cdx.json' | wc -l) lists of contents, and a provenance of $(wc -l <<< "$files") files"
