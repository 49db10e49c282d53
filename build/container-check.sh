#!/usr/bin/env bash
# Runs the image as its users do: read-only, without rights, without a network but where git is fetched.
#   build/container-check.sh                      builds it with Docker (BuildKit), then checks
#   build/container-check.sh IMAGE                checks an image that Docker has
#   CONTAINER=podman build/container-check.sh     with Podman
#   build/container-check.sh LAYOUT               checks a folder that build/image made, without a container runtime
# The repository that git fetches is served by this machine's sshd and openssl, and signed with its gpg.
set -euo pipefail
cd "$(dirname "$0")/.."
container="${CONTAINER:-docker}"
image="${1:-}"
if [ -z "$image" ]; then
  image=reconciler:check
  "$container" build --tag "$image" .
fi
work="$(mktemp -d)"
servers=()
finish() {
  [ "${#servers[@]}" -eq 0 ] || kill "${servers[@]}" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# As examples/compose and docs/worker/running.md do it.
hardened=(--rm --read-only --tmpfs /tmp:mode=1777,size=64m --cap-drop ALL --security-opt no-new-privileges)
# run NETWORK WORD...: the image's own command. inside SCRIPT: a script of its shell, which is all there may be. online SCRIPT: the same, with this
# machine's network and what git is to fetch in /check.
start() {
  if [ -f "$image/index.json" ]; then
    build/image-run --root "$work/root" "$@"
  else
    "$container" run "${hardened[@]}" "$@"
  fi
}
run() { start --network none "$image" "$@"; }
inside() { start --network none --entrypoint sh "$image" -c "$1"; }
online() { start --network host --volume "$work/check:/check" --entrypoint sh "$image" -c "$1"; }
failed=0
check() {
  local what="$1"
  shift
  if "$@" >"$work/said" 2>&1; then
    echo "ok      $what"
  else
    echo "FAILED  $what"
    sed 's/^/        /' "$work/said"
    failed=1
  fi
}

# A port that nobody listens at, most likely.
port() { echo $((20000 + RANDOM % 10000)); }

# A repository with a signed commit, served by ssh, and its first page by https.
serve() {
  local home="$work/gnupg" repository="$work/check/repository.git" tree="$work/tree"
  mkdir -p "$work/check/web/repository.git/info" "$work/check/people" && mkdir -m 0700 "$home"
  cp examples/compose/manifests/*.yaml "$work/check/people/"
  cp examples/compose/seed.yaml "$work/check/"
  cp -r examples/acme "$work/check/acme"
  export GNUPGHOME="$home"
  gpg --batch --quiet --passphrase '' --quick-generate-key signer@example.com ed25519 sign
  gpg --armor --export signer@example.com > "$work/check/signers.asc"
  git init --quiet --initial-branch=main "$tree"
  cp -r "$work/check/people" "$tree/people"
  git -C "$tree" add people
  git -C "$tree" -c user.name=signer -c user.email=signer@example.com -c user.signingKey=signer@example.com commit --quiet --gpg-sign --message "Declare people"
  git clone --quiet --bare "$tree" "$repository"
  gpgconf --kill all

  ssh-keygen -q -t ed25519 -N '' -f "$work/check/key"
  ssh-keygen -q -t ed25519 -N '' -f "$work/host"
  echo "[127.0.0.1]:$ssh $(cut -d' ' -f1,2 "$work/host.pub")" > "$work/check/known_hosts"
  cp "$work/check/key.pub" "$work/authorized"
  [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
  /usr/sbin/sshd -D -f /dev/null -h "$work/host" -o "ListenAddress=127.0.0.1:$ssh" -o PidFile=none -o UsePAM=no -o StrictModes=no -o PermitRootLogin=yes \
    -o "AuthorizedKeysFile=$work/authorized" -E "$work/sshd" &
  servers+=("$!")

  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout "$work/web.key" -out "$work/check/web.pem" 2>/dev/null
  # openssl takes the question of git for a part of the name.
  git -C "$repository" for-each-ref --format '%(objectname)%09%(refname)' > "$work/check/web/repository.git/info/refs?service=git-upload-pack"
  echo well > "$work/check/web/well"
  echo 'ref: refs/heads/main' > "$work/check/web/repository.git/HEAD"
  (cd "$work/check/web" && exec openssl s_server -quiet -WWW -accept "127.0.0.1:$https" -cert ../web.pem -key "$work/web.key") > /dev/null 2>&1 &
  servers+=("$!")
  mkdir "$work/check/secrets" && cp examples/compose/secrets/* "$work/check/secrets/"
  cat > "$work/check/worker.yaml" <<END
source:
  git:
    url: ssh://$(id -un)@127.0.0.1:$ssh$repository
    path: people
    sshKeyFile: /tmp/key
    knownHostsFile: /check/known_hosts
    verifyKeys: /check/signers.asc
state: /tmp/state/state.db
secretsDir: /check/secrets
baseUrls: {confident-ai-demo: "http://127.0.0.1:$sandbox/confident-ai-demo"}
operations: {listen: "127.0.0.1:$health"}
END
  # The image's user is nobody here. What is secret in it is a key that lives as long as this check.
  chmod -R a+rX "$work/check" && chmod a+r "$work/check/key" && chmod a+x "$work"
}

check "reconciler --version" run --version
check "it runs as the user 65532, who has a name" inside '
  while read -r name ids; do case "$name" in Uid:|Gid:) test "${ids%%	*}" = 65532 || exit 1 ;; esac; done < /proc/self/status
  case "$(ssh -G somewhere)" in *"user reconciler"*) ;; *) exit 1 ;; esac'
check "nothing of the image can be written" inside 'for f in /app/x /etc/x /var/lib/reconciler/x; do if (: > "$f") 2>/dev/null; then exit 1; fi; done'
check "git, ssh and gpg are there" inside 'git --version && ssh -V && gpg --version && command -v ssh-keygen'
check "certificates are there" inside 'test -s /etc/ssl/certs/ca-certificates.crt'
check "there is no curl, no wget, no runtime, no SDK" inside '! command -v curl && ! command -v wget && ! test -d /usr/share/dotnet && ! test -e /app/reconciler.dll'
check "the whole story, on imitated vendors" run demo --no-color
check "health says no where no worker is" inside '! reconciler health'
check "health says yes where something is well, and the program ends when it is asked to" inside '
  printf "projects:\n- {id: p1, provider: confident-ai-x, name: X}\n" > /tmp/seed.yaml
  reconciler sandbox --seed /tmp/seed.yaml --port 8765 > /tmp/sandbox.txt & sandbox=$!
  tries=0; until reconciler health --url http://127.0.0.1:8765/_sandbox || test $((tries += 1)) -gt 200; do :; done
  kill -TERM $sandbox && wait $sandbox'

missing=""
for program in git gpg gpgconf ssh-keygen /usr/sbin/sshd openssl; do command -v "$program" >/dev/null || missing="$missing $program"; done
if [ -n "$missing" ]; then
  echo "FAILED  git over ssh and https, signatures: not tried, here is no$missing"
  failed=1
else
  ssh="$(port)" https="$(port)" sandbox="$(port)" health="$(port)"
  serve
  check "examples are valid" online 'reconciler validate /check/acme'
  check "git reads a repository of a folder" online 'git init --quiet --bare --template= /tmp/r && git ls-remote file:///tmp/r'
  check "git reads a repository over https, by the authorities it is given" online "
    test -n \"\$(GIT_SSL_CAINFO=/check/web.pem git ls-remote https://127.0.0.1:$https/repository.git refs/heads/main)\""
  check "git refuses a certificate of others over https" online "! git ls-remote https://127.0.0.1:$https/repository.git"
  check "the program speaks TLS, with the authorities it is given alone" online "
    SSL_CERT_FILE=/check/web.pem reconciler health --url https://127.0.0.1:$https/well && ! reconciler health --url https://127.0.0.1:$https/well"
  check "a worker fetches over ssh, checks who signed, and applies" online "
    umask 077; while IFS= read -r line; do printf '%s\n' \"\$line\"; done < /check/key > /tmp/key
    reconciler sandbox --seed /check/seed.yaml --port $sandbox > /dev/null & sandbox=\$!
    reconciler worker --config /check/worker.yaml & worker=\$!
    tries=0; until reconciler health --url http://127.0.0.1:$health/readyz || test \$((tries += 1)) -gt 300; do kill -0 \$worker || exit 1; done
    kill -TERM \$worker && wait \$worker && kill -TERM \$sandbox && wait \$sandbox
    case \"\$(reconciler state history --state /tmp/state/state.db)\" in *signer@example.com*) ;; *) echo 'nobody signed what was applied'; exit 1 ;; esac"
fi

[ -f "$image/index.json" ] || "$container" image inspect --format 'size: {{.Size}} bytes' "$image"
exit "$failed"
