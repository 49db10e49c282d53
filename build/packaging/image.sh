# The image of all platforms, as an archive of an OCI layout: skopeo copy --all oci-archive:FILE docker://...
# shellcheck shell=bash

make_image() {
  local platform layout="$work/image/layout" file="reconciler-$version-image.tar" architecture
  mkdir -p "$layout/blobs/sha256"
  for platform in $platforms; do
    architecture="$(architecture_of "$platform")"
    VERSION="$version" REVISION="$revision" build/image "$work/$platform/program" "$work/image/$architecture" >&2
    cp "$work/image/$architecture/blobs/sha256"/* "$layout/blobs/sha256/"
  done
  join_platforms "$layout"
  tar --create --directory "$layout" --sort=name --format=ustar --mtime="@$SOURCE_DATE_EPOCH" \
    --owner=0 --group=0 --numeric-owner --mode='u+rwX,go+rX,go-w' --file "$output/$file" oci-layout index.json blobs
  make_image_sboms
}

# One index with a manifest for each platform, under the version's name.
join_platforms() {
  local layout="$1" type="application/vnd.oci.image.index.v1+json" index digest
  index="$(jq --null-input --compact-output --sort-keys --arg type "$type" '
    {schemaVersion: 2, mediaType: $type, manifests: [inputs.manifests[] | del(.annotations)]}' \
    "$work"/image/*/index.json)"
  digest="$(printf '%s' "$index" | sha256sum | cut -d' ' -f1)"
  printf '%s' "$index" > "$layout/blobs/sha256/$digest"
  jq --null-input --compact-output --sort-keys --arg version "$version" --arg digest "sha256:$digest" \
    --arg type "$type" --argjson size "${#index}" '{
    schemaVersion: 2, mediaType: $type,
    manifests: [{mediaType: $type, digest: $digest, size: $size,
      annotations: {"org.opencontainers.image.ref.name": $version}}]}' > "$layout/index.json"
  printf '%s' '{"imageLayoutVersion": "1.0.0"}' > "$layout/oci-layout"
}

# Of each platform what the program holds, and the packages of the distribution, which the image names in
# /var/lib/dpkg/status.d.
make_image_sboms() {
  local platform architecture layer packages blobs file="reconciler-$version-image.tar"
  for platform in $platforms; do
    architecture="$(architecture_of "$platform")"
    blobs="$work/image/$architecture/blobs/sha256"
    packages="$(
      for layer in $(jq --raw-output '.layers[].digest | ltrimstr("sha256:")' "$(manifest_of "$architecture")"); do
        # The layer of the program has no such files.
        ! tar --list --gzip --file "$blobs/$layer" | grep -q '^var/lib/dpkg/status.d/' \
          || tar --extract --gzip --to-stdout --wildcards --file "$blobs/$layer" 'var/lib/dpkg/status.d/*'
      done | awk '/^Package: / { name = $2 } /^Version: / { print name, $2 }' | sort \
        | jq --raw-input --slurp --arg architecture "$architecture" --arg system "$(. /etc/os-release && echo "$ID")" \
          --arg distro "$(. /etc/os-release && echo "$ID-$VERSION_ID")" 'split("\n") | map(select(. != "") | split(" ")
            | {type: "library", "bom-ref": "pkg:deb/\(.[0])@\(.[1])", name: .[0], version: .[1],
               purl: "pkg:deb/\($system)/\(.[0] | @uri)@\(.[1] | @uri)?arch=\($architecture)&distro=\($distro)"})'
    )"
    make_sbom "$platform" "$file" container "$packages"
    mv "$output/$file.cdx.json" "$output/reconciler-$version-image-$architecture.cdx.json"
  done
}

manifest_of() {
  local layout="$work/image/$1"
  echo "$layout/blobs/sha256/$(jq --raw-output '.manifests[0].digest | ltrimstr("sha256:")' "$layout/index.json")"
}
