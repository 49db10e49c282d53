# What the scripts of the action share. Each one reads its variables, and writes what later steps need to GITHUB_OUTPUT.
set -euo pipefail

# Files that one step leaves for the next. A comment of another job finds them here, once it has downloaded them.
work="$RUNNER_TEMP/reconciler"
mkdir -p "$work"

# Says an error at the top of the run, and ends. A workflow command ends with its line.
fail() {
  echo "::error::${1//$'\n'/ }"
  exit 1
}

output() {
  printf '%s=%s\n' "$1" "$2" >> "$GITHUB_OUTPUT"
}
