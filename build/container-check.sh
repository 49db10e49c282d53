#!/usr/bin/env bash
# Builds the image and runs it as its users do: read-only, without rights, without a network. Needs Docker with BuildKit, or Podman.
#   build/container-check.sh                      builds, then checks
#   build/container-check.sh IMAGE                checks an image that is there
#   CONTAINER=podman build/container-check.sh     with Podman
set -euo pipefail
cd "$(dirname "$0")/.."
container="${CONTAINER:-docker}"
image="${1:-}"
if [ -z "$image" ]; then
  image=reconciler:check
  "$container" build --tag "$image" .
fi

# As examples/compose and docs/worker/running.md do it.
hardened=(--rm --read-only --tmpfs /tmp:mode=1777,size=64m --cap-drop ALL --security-opt no-new-privileges --network none)
inside() { "$container" run "${hardened[@]}" --entrypoint sh "$image" -c "$1"; }
failed=0
check() {
  local what="$1"
  shift
  if "$@" >/tmp/container-check.$$ 2>&1; then
    echo "ok      $what"
  else
    echo "FAILED  $what"
    sed 's/^/        /' /tmp/container-check.$$
    failed=1
  fi
  rm -f /tmp/container-check.$$
}

check "reconciler --version" "$container" run "${hardened[@]}" "$image" --version
check "it runs as the user 65532, who has a name" inside 'test "$(id -u):$(id -g):$(id -un)" = 65532:65532:reconciler'
check "nothing of the image can be written" inside 'for f in /app/x /etc/x /var/lib/reconciler/x; do if touch "$f"; then exit 1; fi; done'
check "git, ssh and gpg are there" inside 'git --version && ssh -V && gpg --version'
check "certificates are there" inside 'test -s /etc/ssl/certs/ca-certificates.crt'
check "there is no curl, no wget, no SDK" inside '! command -v curl && ! command -v wget && ! test -d /usr/share/dotnet/sdk'
check "the whole story, on imitated vendors" "$container" run "${hardened[@]}" "$image" demo --no-color
check "health says no where no worker is" inside '! reconciler health'
check "health says yes where something is well, and the program ends when it is asked to" inside '
  printf "projects:\n- {id: p1, provider: confident-ai-x, name: X}\n" > /tmp/seed.yaml
  reconciler sandbox --seed /tmp/seed.yaml --port 8765 > /tmp/sandbox.txt & sandbox=$!
  for i in 1 2 3 4 5 6 7 8 9 10; do grep -q "runs at" /tmp/sandbox.txt && break; sleep 1; done
  reconciler health --url http://127.0.0.1:8765/_sandbox && kill -TERM $sandbox && wait $sandbox'

"$container" image inspect --format 'size: {{.Size}} bytes' "$image"
exit "$failed"
