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
  same_tar "$layout" oci-layout index.json blobs > "$output/$file"
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
  local platform architecture packages file="reconciler-$version-image.tar"
  for platform in $platforms; do
    architecture="$(architecture_of "$platform")"
    packages="$(
      status_of "$architecture" | awk '/^Package: / { name = $2 } /^Version: / { print name, $2 }' | sort \
        | jq --raw-input --slurp --arg architecture "$architecture" --arg system "$(. /etc/os-release && echo "$ID")" \
          --arg distro "$(. /etc/os-release && echo "$ID-$VERSION_ID")" 'split("\n") | map(select(. != "") | split(" ")
            | {type: "library", "bom-ref": "pkg:deb/\(.[0])@\(.[1])", name: .[0], version: .[1],
               purl: "pkg:deb/\($system)/\(.[0] | @uri)@\(.[1] | @uri)?arch=\($architecture)&distro=\($distro)"})'
    )"
    make_sbom "$platform" "$file" container "$packages"
    mv "$output/$file.cdx.json" "$output/reconciler-$version-image-$architecture.cdx.json"
  done
}

# What the image of an architecture says of its packages. The last layer is the program, which comes from none.
status_of() {
  local blobs="$work/image/$1/blobs/sha256" manifest layer
  manifest="$(jq --raw-output '.manifests[0].digest | ltrimstr("sha256:")' "$work/image/$1/index.json")"
  for layer in $(jq --raw-output '.layers[:-1][].digest | ltrimstr("sha256:")' "$blobs/$manifest"); do
    tar --extract --gzip --to-stdout --wildcards --file "$blobs/$layer" 'var/lib/dpkg/status.d/*'
  done
}
