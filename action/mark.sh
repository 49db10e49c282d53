#!/usr/bin/env bash
# Moves the tag to what was applied: whoever left the manifests by the next time goes.
# shellcheck source=action/common.sh
source "$(dirname "$0")/common.sh"

gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/git/refs/tags/$ACCESS_TAG" \
  --field "sha=$GITHUB_SHA" --field force=true \
  || fail "the tag $ACCESS_TAG could not be moved; the job needs contents: write"
