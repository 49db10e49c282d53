#!/usr/bin/env bash
# Prints the head of the comment on a pull request whose apply did not end well. A plan follows it after exit code 4.
set -euo pipefail

run="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
echo "<!-- reconciler.dev/not-applied/v1 -->"
if [ "$1" = 4 ]; then
  echo "**Not everything was applied** ([the run]($run)): the plan is not the one that was reviewed, or a limit holds"
  echo "it. Below is what is left to do. Read it, then start the workflow by hand with its digest, and with the digest"
  echo "of each hold that may pass."
else
  echo "**Not everything was applied:** the program ended with $1. [The run]($run) says why."
fi
echo
