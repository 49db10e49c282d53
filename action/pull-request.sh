#!/usr/bin/env bash
# Finds the pull request and the plan that it shows: what was reviewed, and what a new plan is compared with.
# shellcheck source=action/common.sh
source "$(dirname "$0")/common.sh"

if [ "$ACCESS_RUN" = apply ] && [ "$ACCESS_CHANGED" != true ]; then
  echo "nothing in the folder of manifests has changed"
  exit 0
fi

number="${ACCESS_NUMBER:-}"
if [ -z "$number" ]; then
  # Several pull requests may hold a commit, such as one that was closed; one was merged.
  gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls?per_page=100" \
    --jq 'map(select(.merged_at != null)) | .[0].number // empty' > "$work/number" \
    || fail "the pull request of $GITHUB_SHA could not be read; the job needs pull-requests: read"
  number="$(cat "$work/number")"
fi
output number "$number"

if [ -n "$number" ]; then
  # One line a comment, whatever is in it. The first is the one that is written anew with each push.
  ours='.[] | select(.user.login == "github-actions[bot]") | .body
    | select(startswith("<!-- reconciler.dev/plan/v1 ")) | @base64'
  gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments?per_page=100" --jq "$ours" > "$work/comments" \
    || fail "the comments of pull request $number could not be read; the job needs pull-requests: read"
  if [ -s "$work/comments" ]; then
    sed -n 1p "$work/comments" | base64 --decode > "$work/earlier.md"
  fi
fi

[ "$ACCESS_RUN" = apply ] || exit 0
digest="$ACCESS_DIGEST"
if [ -z "$digest" ] && [ -s "$work/earlier.md" ]; then
  marker='^<!-- reconciler\.dev/plan/v1 digest=\(sha256:[0-9a-f]\{64\}\) -->.*$'
  digest="$(sed -n "1s#$marker#\1#p" "$work/earlier.md")"
fi
if ! [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]]; then
  fail "no reviewed plan was found for this commit; plan, read it, and start this workflow by hand with its digest"
fi
output digest "$digest"
