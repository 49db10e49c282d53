#!/usr/bin/env bash
# Shows that the operator needs every right that the chart gives it: takes one right after the other out of its roles and runs the tests of the
# operator, which run under these roles, until one fails. A right without which nothing fails is one too many. Ends with 1 then.
#   dotnet build tests/Reconciler.Operator.Tests
#   KUBEBUILDER_ASSETS=folder build/rbac-least.sh                      every right
#   KUBEBUILDER_ASSETS=folder build/rbac-least.sh "patch events"       these alone
# FILTER names other tests, PATIENCE (such as 5m) how long one run may take, CONFIGURATION what was built (Debug).
set -euo pipefail
cd "$(dirname "$0")/.."
: "${KUBEBUILDER_ASSETS:?names a folder with kube-apiserver, etcd, kubectl and helm}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
filter="${FILTER:-FullyQualifiedName~Operator}"
patience="${PATIENCE:-10m}"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

# The chart writes each list of a rule in one line. With leader election, whose rights are in a Role of their own.
rights() {
  "$KUBEBUILDER_ASSETS/helm" template access charts/reconciler --set operator.vendorDefinitions=true --show-only templates/rbac.yaml | awk '
    function items(line, into) { sub(/^[^[]*\[/, "", line); sub(/\].*$/, "", line); gsub(/[" ]/, "", line); return split(line, into, ",") }
    /^ *(- )?resources: \[/ { many = items($0, resources) }
    /^ *(- )?verbs: \[/ { verbs = items($0, verb); for (r = 1; r <= many; r++) for (v = 1; v <= verbs; v++) print verb[v] " " resources[r] }' | sort -u
}

# 0 where all tests passed, 1 where one failed, 2 where none ran.
run() {
  : > "$log"
  RECONCILER_TEST_WITHOUT_RULE="$1" timeout --kill-after=30s "$patience" dotnet test tests/Reconciler.Operator.Tests --configuration "${CONFIGURATION:-Debug}" --no-build \
    --filter "$filter" -- xUnit.StopOnFail=true > "$log" 2>&1 && code=0 || code=$?
  if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then return 1; fi
  # After the first failure the others are left out.
  if grep -qE "Failed!  - Failed: *[1-9]" "$log"; then return 1; fi
  # What was skipped proves nothing.
  if [ "$code" -ne 0 ] || ! grep -qE "Passed!  - Failed: *0, Passed: *[1-9][0-9]*, Skipped: *0," "$log"; then return 2; fi
}

# The first one: those that ran beside it are broken off, and count as failed, too.
failed_test() { grep -m1 -F '[FAIL]' "$log" | sed -E 's/^\[[^]]*\] *//; s/ *\[FAIL\].*//' | grep . || echo "no end within $patience"; }

if [ $# -gt 0 ]; then asked=("$@"); else mapfile -t asked < <(rights); fi
[ "${#asked[@]}" -gt 0 ] || { echo "no right was found in the chart"; exit 1; }

echo "with every right:"
run "" && code=0 || code=$?
if [ "$code" -ne 0 ]; then
  tail -40 "$log"
  echo "the tests $filter must run, and pass, before a right is taken away"
  exit 1
fi
grep -oE "Passed: *[0-9]+" "$log" | tail -1

too_many=0
printf '%-40s %s\n' "WITHOUT" "FAILS"
for right in "${asked[@]}"; do
  run "$right" && code=0 || code=$?
  case "$code" in
    0) fails="NOTHING: one right too many"; too_many=$((too_many + 1)) ;;
    1) fails="$(failed_test)" ;;
    *) tail -20 "$log"; echo "no test ran without \"$right\""; exit 1 ;;
  esac
  printf '%-40s %s\n' "$right" "$fails"
done
echo "${#asked[@]} rights, $too_many too many"
[ "$too_many" -eq 0 ]
