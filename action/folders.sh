#!/usr/bin/env bash
# Lays out what the program compares: the change in the workspace, its base, and what was applied last.
# shellcheck source=action/common.sh
source "$(dirname "$0")/common.sh"

[ "$ACCESS_RUN" != validate ] || exit 0

if ! git rev-parse --quiet --verify 'HEAD^{commit}' > /dev/null; then
  fail "there is no checkout; put actions/checkout with fetch-depth: 0 before this step"
fi
if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
  fail "the checkout has no history, which says what the change is based on; give actions/checkout fetch-depth: 0"
fi

lay_out() {
  rm -rf "${work:?}/$1"
  git worktree prune
  git worktree add --quiet --detach --force "$work/$1" "$2"
}

applied="refs/tags/$ACCESS_TAG"
if ! git rev-parse --quiet --verify "$applied^{commit}" > /dev/null; then
  fail "there is no tag $ACCESS_TAG; create it on a commit whose manifests are in force, and push it"
fi
lay_out applied "$applied"

case "$ACCESS_RUN" in
  plan)
    # Connections and guardrails come from the base branch as it is now, whatever the pull request says.
    base="refs/remotes/origin/$GITHUB_BASE_REF"
    git rev-parse --quiet --verify "$base^{commit}" > /dev/null \
      || fail "the base branch $GITHUB_BASE_REF was not fetched"
    # A checkout of the branch itself, or a run that is repeated later, lacks what was merged meanwhile.
    if ! git merge-base --is-ancestor "$base" HEAD; then
      git -c user.name=reconciler -c user.email=reconciler@localhost -c commit.gpgsign=false \
        merge --quiet --no-edit "$base" \
        || fail "the change conflicts with $GITHUB_BASE_REF; bring the branch up to date"
    fi
    ;;
  apply)
    git merge-base --is-ancestor "$applied" HEAD \
      || fail "a commit was applied that is not part of this one (the tag $ACCESS_TAG); run the newest commit"
    # What the change was merged onto, so that it does not loosen the limits that judge it. A run that is started by
    # hand has no such commit.
    base="${ACCESS_BEFORE:-HEAD}"
    git rev-parse --quiet --verify "$base^{commit}" > /dev/null || base=HEAD
    ;;
  reapply)
    # It runs what the tag names with tokens that write, so nothing may be there that was not merged.
    git merge-base --is-ancestor "$applied" HEAD \
      || fail "the tag $ACCESS_TAG names a commit that is not part of this branch; set it back"
    base=HEAD
    ;;
  *) base=HEAD ;;
esac
lay_out base "$base"

changed=true
if [ "$ACCESS_RUN" = plan ] || { [ "$ACCESS_RUN" = apply ] && [ "$base" != HEAD ]; }; then
  status=0
  git diff --quiet "$base" HEAD -- ":(top,literal)$ACCESS_FOLDER" || status=$?
  case "$status" in
    0) changed=false ;;
    1) ;;
    *) fail "git could not compare the change with its base" ;;
  esac
fi
# A run that was cancelled while it waited, or that failed, left something behind that this one does not pick up.
if [ "$ACCESS_RUN" = apply ] && [ "$changed" = false ] \
  && ! git diff --quiet "$applied" HEAD -- ":(top,literal)$ACCESS_FOLDER"; then
  echo "::warning::what was merged before this commit is not applied yet; start this workflow by hand"
fi
output changed "$changed"
