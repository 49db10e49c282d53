#!/usr/bin/env bash
# Runs small inputs that once went wrong against the built program, and says which are right.
#   build/cases.sh PROGRAM FOLDER    FOLDER holds addresses/, idn/, offboard/, yaml/ and guardrail-in-pull-request/.
# Each case that needs a vendor gets the sandbox. What needs more than files (lagging lists, races, a cluster) is tested in tests/.
set -uo pipefail
program="$(realpath "${1:?usage: build/cases.sh PROGRAM FOLDER}")"
cases="$(realpath "${2:?usage: build/cases.sh PROGRAM FOLDER}")"
work="$(mktemp -d)"
sandbox=
trap 'if [ -n "$sandbox" ]; then kill "$sandbox"; fi; rm -rf "$work"' EXIT
export RECONCILER_TOKEN=a-token-of-the-cases
cd "$work" || exit 1
wrong=0

# check NAME EXIT TEXT COMMAND…: the command must end with EXIT and print TEXT (an extended regular expression).
check() {
  local name="$1" exit="$2" text="$3" output code
  shift 3
  output="$(timeout 60 "$@" 2>&1 </dev/null)"
  code=$?
  if [ "$code" = "$exit" ] && grep -qE -- "$text" <<<"$output"; then echo "right  $name"; return; fi
  wrong=$((wrong + 1))
  printf 'WRONG  %s: exit %s, expected %s with: %s\n%s\n' "$name" "$code" "$exit" "$text" "$(head -12 <<<"$output")"
}

# hides NAME TEXT COMMAND…: the command must not print TEXT.
hides() {
  local name="$1" text="$2"
  shift 2
  if "$@" 2>&1 </dev/null | grep -qF -- "$text"; then wrong=$((wrong + 1)); echo "WRONG  $name: $text is printed"; else echo "right  $name"; fi
}

{
  printf 'token: %s\nprojects:\n- id: 3c90c3cc-0d44-4b50-8888-8dd25736052a\n  provider: clarifeye-c\n  members:\n' "$RECONCILER_TOKEN"
  echo '  - {email: bot@example.com, access: {permissions: [CAN_PERFORM_ADMIN_ACTIONS]}}'
  for n in $(seq 60); do echo "  - {email: m$n@example.com, access: {permissions: [CAN_VIEW_DATA]}}"; done
} > many.yaml
one() { # a vendor with one more member
  printf 'token: %s\nprojects:\n- id: 3c90c3cc-0d44-4b50-8888-8dd25736052a\n  provider: clarifeye-c\n  members:\n' "$RECONCILER_TOKEN"
  printf '  - {email: bot@example.com, access: {permissions: [CAN_PERFORM_ADMIN_ACTIONS]}}\n  - {email: "%s", access: {permissions: [CAN_VIEW_DATA]}}\n' "$1"
}
start() { # start SEED: the sandbox on a free port; its address is in $url
  if [ -n "$sandbox" ]; then kill "$sandbox"; wait "$sandbox" 2>/dev/null; fi
  # Emptied before: the address of the sandbox before must not be taken for the new one's.
  : > sandbox.txt
  "$program" sandbox --port 0 --seed "$1" >> sandbox.txt 2>&1 &
  sandbox=$! url=
  for _ in $(seq 300); do url="$(grep -oE 'http://127\.0\.0\.1:[0-9]+' sandbox.txt | head -1 || true)"; [ -n "$url" ] && break; sleep 0.1; done
  [ -n "$url" ] || { echo "the sandbox did not start:"; cat sandbox.txt; exit 1; }
  url="$url/clarifeye-c/api/v1"
}

mkdir empty people fifo nul
cp "$cases/offboard/m.yaml" people/m.yaml
check "option without value" 64 '^error: .*--provider needs a value' "$program" plan people --provider
for option in --provider= --project= --approve= --exclude= --base-url= --allow-host= --allow-env=; do
  check "option without value: $option" 64 "^error: .*${option%=} needs a value" "$program" apply people --yes "$option"
done
check "unknown option" 64 'unknown option --porvider; did you mean --provider' "$program" plan people --porvider x
for verb in validate plan "apply --yes"; do check "empty folder: $verb" 3 empty "$program" ${verb%% *} empty ${verb#"${verb%% *}"}; done
check "empty folder: everything left out" 3 people "$program" plan people --exclude '**'
for source in 'token: sk-live-1234567890' 'env: sk-live-1234567890'; do
  [ "${source%%:*}" = token ] && credentials="{$source}" || credentials="{token: {$source}}"
  printf 'apiVersion: reconciler.dev/v1alpha1\nkind: AccessProvider\nmetadata: {name: c}\nspec: {type: clarifeye, baseUrl: "https://eu.app.clarifeye.ai/api/v1", credentials: %s}\n' "$credentials" > pasted.yaml
  check "pasted token: ${source%%:*}" 3 credentials "$program" validate pasted.yaml
  for format in text json github; do hides "pasted token: ${source%%:*} as $format" sk-live "$program" validate pasted.yaml --format "$format"; done
done
check "addresses" 3 '2[0-9] problems' "$program" validate "$cases/addresses"
for line in $(seq 18 37); do check "address in line $line" 3 "impossible.yaml:$line:" "$program" validate "$cases/addresses"; done
check "yaml: tab" 3 'tab.yaml:8:.*tab' "$program" validate "$cases/yaml/tab.yaml"
check "yaml: Helm template" 3 'helm.yaml:5:.*Helm template' "$program" validate "$cases/yaml/helm.yaml"
check "yaml: number for a duration" 3 '5 has no unit; write 5m' "$program" validate "$cases/yaml/number-for-duration.yaml"
mkdir upper && cp "$cases/yaml/M.YAML" upper/
check "yaml: upper-case ending" 3 'M\.YAML' "$program" validate upper
check "stream" 0 Valid bash -c "'$program' validate <(cat '$cases/offboard/m.yaml')"
check "standard input" 0 Valid bash -c "'$program' validate /dev/stdin < '$cases/offboard/m.yaml'"
mkfifo fifo/a.yaml
check "pipe in a folder" 3 'a\.yaml' "$program" validate fifo
check "device" 3 '/dev/zero' "$program" validate /dev/zero
head -c "$(stat -c %s "$cases/offboard/m.yaml")" /dev/zero > nul/a.yaml
check "NUL bytes" 3 'is not text' "$program" validate nul
{ cat "$cases/offboard/m.yaml"; head -c 512 /dev/zero; } > nul/a.yaml
check "NUL bytes at the end" 3 'is not text' "$program" validate nul

start <(one kim@xn--mnchen-3ya.example)
check "idn" 0 'No changes' "$program" plan "$cases/idn" --base-url "c=$url" --no-state
start <(one peter@example.com)
check "offboard" 1 'peter@example.com' "$program" offboard petr@example.com --dry-run "$cases/offboard" --base-url "c=$url" --no-state
guardrail="$cases/guardrail-in-pull-request"
start many.yaml
check "guardrail in a pull request" 4 'held' "$program" apply "$guardrail/people" --yes --guardrails "$guardrail/guardrails.yaml" \
  --connections "$guardrail/connections.yaml" --base-url "c=$url" --state state.db

[ "$wrong" = 0 ] || { echo "$wrong cases are wrong"; exit 1; }
echo "every case is right"
