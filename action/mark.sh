#!/usr/bin/env bash
# Moves the tag to what was applied, and never back: who left the manifests by the next time goes.
# shellcheck source=action/common.sh
source "$(dirname "$0")/common.sh"

# Between the apply and this step a run of a newer commit may have ended.
direction="$(gh api "repos/$GITHUB_REPOSITORY/compare/$ACCESS_TAG...$GITHUB_SHA?per_page=1" --jq .status)" \
  || fail "the tag $ACCESS_TAG could not be compared with $GITHUB_SHA; the job needs contents: write"
case "$direction" in
  ahead | identical) ;;
  *) fail "a newer commit was applied already (the tag $ACCESS_TAG); the tag stays" ;;
esac
gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/git/refs/tags/$ACCESS_TAG" \
  --field "sha=$GITHUB_SHA" --field force=true \
  || fail "the tag $ACCESS_TAG could not be moved; the job needs contents: write"
