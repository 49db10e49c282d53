#!/usr/bin/env bash
# Writes the plan as one comment on the pull request, or writes it anew.
# shellcheck source=action/common.sh
source "$(dirname "$0")/common.sh"

marker=plan
[ ! -s "$work/not-applied.md" ] || marker=not-applied
text="$work/$marker.md"
if [ ! -s "$text" ]; then
  echo "there is no comment to write"
  exit 0
fi
if ! [[ $ACCESS_NUMBER =~ ^[0-9]+$ ]]; then
  echo "::warning::no pull request was found for this commit; the summary of the run has the plan"
  exit 0
fi

# A comment that is not written would leave the old plan standing under the new commits, so that this ends the job.
first="<!-- reconciler.dev/$marker/v1"
ours=".[] | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$first\"))) | .id"
gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$ACCESS_NUMBER/comments?per_page=100" --jq "$ours" > "$work/ids" \
  || fail "the comments of pull request $ACCESS_NUMBER could not be read; the job needs pull-requests: write"
id="$(sed -n 1p "$work/ids")"
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$text" \
    || fail "the comment could not be written; the job needs pull-requests: write"
else
  gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$ACCESS_NUMBER/comments" --field "body=@$text" \
    || fail "the comment could not be written; the job needs pull-requests: write"
fi
