#!/usr/bin/env bash
# Measures what an operator needs in a pod: publishes the program as the image has it, and runs the test of a thousand memberships with it in a memory
# group of the kernel. Prints the test's figures and the most that the group held without the file pages that nobody used of late, as kubectl top
# counts it. Needs root, and a group of its own may be made (in most containers none may).
#   KUBEBUILDER_ASSETS=folder build/pod-memory.sh 150        the limit in MiB
set -euo pipefail
cd "$(dirname "$0")/.."
: "${KUBEBUILDER_ASSETS:?names a folder with kube-apiserver, etcd, kubectl and helm}"
limit="${1:?the limit in MiB}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work="$(mktemp -d)"
if [ -d /sys/fs/cgroup/memory ]; then
  group=/sys/fs/cgroup/memory/reconciler-pod cap=memory.limit_in_bytes used=memory.usage_in_bytes
else
  group=/sys/fs/cgroup/reconciler-pod cap=memory.max used=memory.current
fi
mkdir -p "$group"
trap 'rm -rf "$work"; rmdir "$group" 2>/dev/null || true' EXIT
echo $((limit << 20)) > "$group/$cap"

dotnet publish src/Reconciler --configuration Release --use-current-runtime -p:PublishAot=true -p:RunAnalyzers=false --output "$work/app" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
dotnet build tests/Reconciler.Operator.Tests --configuration Release -p:RunAnalyzers=false > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
printf '#!/bin/sh\necho $$ > %s/cgroup.procs\nexec %s/app/reconciler "$@"\n' "$group" "$work" > "$work/start"
chmod +x "$work/start"

RECONCILER_TEST_PROGRAM="$work/start" dotnet test tests/Reconciler.Operator.Tests --configuration Release --no-build --filter FullyQualifiedName~OperatorScaleTests \
  --logger "console;verbosity=detailed" > "$work/log" 2>&1 &
test=$!
most=0
while kill -0 "$test" 2>/dev/null; do
  idle="$(awk '$1 == "inactive_file" { print $2 }' "$group/memory.stat")"
  held=$(($(cat "$group/$used") - ${idle:-0}))
  if [ "$held" -gt "$most" ]; then most="$held"; fi
  sleep 0.2
done
wait "$test" && code=0 || code=$?
grep -E "memberships x|Passed!|Failed!|Skipped!|Error Message" -A2 "$work/log" > "$work/figures" || tail -40 "$work/log" > "$work/figures"
sed -n 1,40p "$work/figures"
echo "limit $limit MiB: $((most >> 20)) MiB held at most"
if [ "$most" -eq 0 ]; then
  echo "nothing was measured: the test did not run" >&2
  exit 1
fi
exit "$code"
