# What must hold before anything is built.
# shellcheck shell=bash

# The version of the tag; of a trial that of the build.
version_of_commit() {
  local tag
  if tag="$(git describe --tags --exact-match --match 'v[0-9]*' 2> /dev/null)"; then
    echo "${tag#v}"
  elif [ "$trial" = yes ]; then
    dotnet restore src/Reconciler --verbosity quiet >&2
    dotnet msbuild src/Reconciler -target:MinVer -getProperty:MinVerVersion
  else
    fail "this commit has no tag vX.Y.Z; tag it, or try with --trial"
  fi
}

# Every program that is needed, all that are missing at once.
check_tools() {
  local tool platform here missing=""
  here="$(platform_here)"
  for tool in dotnet git tar gzip jq objdump readelf dpkg-deb apt-get python3 sha256sum openssl; do
    command -v "$tool" > /dev/null || missing+=" $tool"
  done
  command -v clang > /dev/null || command -v gcc > /dev/null || missing+=" clang"
  for platform in $platforms; do
    [ "$platform" != "$here" ] || continue
    for tool in clang llvm-objcopy "$([ "$platform" = linux-arm64 ] && echo aarch64 || echo x86_64)-linux-gnu-gcc"; do
      command -v "$tool" > /dev/null || missing+=" $tool"
    done
    # The compiler alone links nothing: what every program begins with is in a package of its own.
    [ "$platform" != linux-arm64 ] || [ -e "$(aarch64-linux-gnu-gcc -print-file-name=Scrt1.o 2> /dev/null)" ] \
      || missing+=" libc6-dev-arm64-cross"
  done
  [ -z "$missing" ] || fail "these programs are missing:$missing"
}

# The commit says the same version everywhere, and nothing beside it gets into a release; all problems at once.
check_commit() {
  local problems=() name
  if [ "$trial" = no ]; then
    [ -z "$(git status --porcelain)" ] \
      || problems+=("the work tree differs from the commit: commit or remove what git status shows")
    for name in version appVersion; do
      [ "$(sed -n "s/^$name: *\"\?\([^\"]*\)\"\?$/\1/p" charts/reconciler/Chart.yaml)" = "$version" ] \
        || problems+=("charts/reconciler/Chart.yaml: $name is not $version")
    done
    grep -qF "<MinVerMinimumMajorMinor>${version%.*}</MinVerMinimumMajorMinor>" Directory.Build.props \
      || [[ $version == *-* ]] || problems+=("Directory.Build.props: MinVerMinimumMajorMinor is not ${version%.*}")
    grep -qE "^## \[?${version//./\\.}\]? - [0-9]{4}-[0-9]{2}-[0-9]{2}$" CHANGELOG.md \
      || problems+=("CHANGELOG.md: there is no heading \"## $version - YYYY-MM-DD\"")
  fi
  [ "${#problems[@]}" -eq 0 ] && return
  printf 'error: %s\n' "${problems[@]}" >&2
  exit 1
}
