# The package for Debian and Ubuntu: the program, its manual pages, completions, and the systemd unit, which is
# installed and not started: it needs settings first.
# shellcheck shell=bash

make_deb() {
  local platform="$1" share="$work/$1/share" architecture root doc
  architecture="$(architecture_of "$platform")"
  root="$work/$platform/deb"
  doc="$root/usr/share/doc/reconciler"
  mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib/reconciler" "$root/usr/lib/systemd/system" "$doc/examples" \
    "$root/usr/share/man/man1" "$root/usr/share/bash-completion/completions" \
    "$root/usr/share/zsh/vendor-completions" "$root/usr/share/fish/vendor_completions.d"
  cp "$work/$platform/program/reconciler" "$work/$platform/program"/*.so "$root/usr/lib/reconciler/"
  ln --symbolic ../lib/reconciler/reconciler "$root/usr/bin/reconciler"
  cp "$share/man/man1"/*.1 "$root/usr/share/man/man1/"
  gzip --no-name -9 "$root/usr/share/man/man1"/*.1
  cp "$share/completions/reconciler.bash" "$root/usr/share/bash-completion/completions/reconciler"
  cp "$share/completions/reconciler.zsh" "$root/usr/share/zsh/vendor-completions/_reconciler"
  cp "$share/completions/reconciler.fish" "$root/usr/share/fish/vendor_completions.d/"
  sed 's#/usr/local/bin/reconciler#/usr/bin/reconciler#' "$share/systemd/reconciler-worker.service" \
    > "$root/usr/lib/systemd/system/reconciler-worker.service"
  cp "$share/systemd"/*.yaml "$doc/examples/"
  write_scripts "$root/DEBIAN"
  gzip --no-name -9 --stdout "$share/CHANGELOG.md" > "$doc/changelog.gz"
  cp "$share/LICENSE" "$doc/copyright"
  printf '\nThe licences of the libraries in the program are in the folder licenses.\n' >> "$doc/copyright"
  cp -r "$share/licenses" "$doc/"
  write_control "$platform" "$architecture" "$root"
  chmod --recursive u+rwX,go+rX,go-w "$root"
  find "$root/usr" -type f ! -path "*/usr/lib/reconciler/reconciler" -exec chmod 0644 {} +
  # Times later than SOURCE_DATE_EPOCH become that one; one thread, since several cut the data elsewhere.
  find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$root" \
    "$output/reconciler_${version}_$architecture.deb" > /dev/null
}

# The unit is known after the installation, is started again by an upgrade where it runs, and ends with the program.
write_scripts() {
  cat > "$1/postinst" <<'END'
#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl try-restart reconciler-worker.service
fi
END
  cat > "$1/prerm" <<'END'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  systemctl disable --now reconciler-worker.service
fi
END
  cat > "$1/postrm" <<'END'
#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
fi
END
  chmod 0755 "$1/postinst" "$1/prerm" "$1/postrm"
}

# A version before a release sorts before it: 0.2.0~alpha.0.3 < 0.2.0.
debian_version() { sed 's/-/~/' <<< "$version"; }

write_control() {
  local architecture="$2" root="$3" c_library
  # Apart, since what fails in the text below would not end the script.
  c_library="$(c_library_of "$work/$1/program")"
  cat > "$root/DEBIAN/control" <<END
Package: reconciler
Version: $(debian_version)
Architecture: $architecture
Maintainer: ${RELEASE_MAINTAINER:-The Reconciler authors}
Installed-Size: $(size_of "$root/usr")
Depends: libc6 (>= $c_library), ca-certificates, libssl3t64 | libssl3
Recommends: git, gpg, openssh-client
Section: admin
Priority: optional
Description: Manages who has access to SaaS projects from YAML in git
 Manifests declare the members of each project, their roles and permissions.
 Reconciler compares them with the live state of the vendors, shows a plan and
 applies it: it invites, changes access and removes people.
END
}

# KiB: the files, and one for each folder and link, whatever the file system takes for them.
size_of() {
  find "$1" \( -type f -printf '%s\n' \) -o -printf '1024\n' \
    | awk '{ size += int(($1 + 1023) / 1024) } END { print size }'
}

# The newest version of the C library that the program asks for. One that is linked where it is newer than this runs on
# fewer machines than docs/install.md names.
c_library_of() {
  local file newest
  newest="$(for file in "$1/reconciler" "$1"/*.so; do objdump --dynamic-syms "$file"; done \
    | grep --only-matching 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort --version-sort | tail -1)"
  [ "$(printf '%s\n' "$newest" 2.34 | sort --version-sort | tail -1)" = 2.34 ] || [ "$trial" = yes ] \
    || fail "the program asks for glibc $newest, newer than 2.34: link it on Debian 12"
  echo "$newest"
}
