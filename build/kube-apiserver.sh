#!/usr/bin/env bash
# Builds the kube-apiserver that the tests run against, from Debian's source package `kubernetes` (v1.20.2), on Debian 12 and only where it is not there yet.
#   build/kube-apiserver.sh FOLDER    puts it into FOLDER; takes about 6 minutes on 2 cores, once.
#
# The source carries reflect2 1.0.1, which reads maps by a function of the runtime that Go 1.18 changed: a server built with a newer Go breaks off
# (SIGSEGV in mapiternext) now and then when it decodes a custom resource. Debian's own package of reflect2 (1.0.2) takes its place.
set -euo pipefail
folder="${1:?usage: build/kube-apiserver.sh FOLDER}"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"
exec 9>"$folder/.building"
flock 9
[ -x "$folder/kube-apiserver" ] && exit 0

root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
export DEBIAN_FRONTEND=noninteractive
root apt-get update -qq >&2
root apt-get install -y -qq golang-go rsync jq make dpkg-dev >&2

work="$(mktemp -d)"
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
source="$work/go/src/k8s.io/kubernetes"
mkdir -p "$source" "$work/apt/lists/partial" "$work/apt/archives/partial" "$work/reflect2"
# A package list of its own, so that the machine's apt sources stay as they are.
sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources | head -1 |
  sed 's|.*|deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] & bookworm main|' > "$work/apt/sources.list"
printf 'Dir::State::Lists "%s/apt/lists";\nDir::Cache "%s/apt";\nDir::Etc::SourceList "%s/apt/sources.list";\nDir::Etc::SourceParts "/dev/null";\nAPT::Sandbox::User "root";\n' \
  "$work" "$work" "$work" > "$work/apt.conf"
cd "$work"
APT_CONFIG="$work/apt.conf" apt-get update -qq >&2
APT_CONFIG="$work/apt.conf" apt-get source -qq --download-only kubernetes >&2
apt-get download -qq golang-github-modern-go-reflect2-dev >&2
tar xzf kubernetes_*.orig.tar.gz -C "$source" --strip-components=1
dpkg-deb -x golang-github-modern-go-reflect2-dev_*.deb "$work/reflect2"

reflect2="$source/vendor/github.com/modern-go/reflect2"
rm -f "$reflect2"/*.go "$reflect2"/*.s
cp "$work"/reflect2/usr/share/gocode/src/github.com/modern-go/reflect2/*.go "$work"/reflect2/usr/share/gocode/src/github.com/modern-go/reflect2/*.s "$reflect2/"
rm -f "$reflect2"/*_test.go

cd "$source"
export GO111MODULE=off CGO_ENABLED=0 GOPATH="$work/go" GOCACHE="$work/cache" GOFLAGS=
make generated_files WHAT=cmd/kube-apiserver >&2
# The source archive carries no version; clients and charts ask for one.
sed -i 's/gitVersion  *= "[^"]*"/gitVersion = "v1.20.2"/; s/^\tgitMajor string/\tgitMajor = "1"/; s/^\tgitMinor string/\tgitMinor = "20"/' \
  staging/src/k8s.io/component-base/version/base.go
go build -ldflags "-s -w" -o "$folder/kube-apiserver.new" ./cmd/kube-apiserver >&2
"$folder/kube-apiserver.new" --version | grep -q 'v1\.20\.2' || { echo "the server that was built does not say its version" >&2; exit 1; }
mv "$folder/kube-apiserver.new" "$folder/kube-apiserver"
