#!/usr/bin/env bash
# Checks the inputs, and says which of the later steps there are.
# shellcheck source=action/common.sh
source "$(dirname "$0")/common.sh"

for name in ACCESS_COMMENT ACCESS_MARK; do
  case "${!name}" in
    true | false) ;;
    *)
      input="${name#ACCESS_}"
      fail "the input ${input,,} is \"${!name}\"; expected true or false"
      ;;
  esac
done

program=false pull_request=false comment=false mark=false
case "$ACCESS_RUN" in
  validate | reapply | drift) program=true ;;
  plan)
    # Forks get no secrets, and a merge queue has no pull request of its own. A required check must report all the same.
    if [ "$GITHUB_EVENT_NAME" != pull_request ]; then
      echo "::notice::nothing is planned here: pull requests are planned, and this is $GITHUB_EVENT_NAME"
    elif [ "$ACCESS_HEAD" != "$GITHUB_REPOSITORY" ]; then
      echo "::notice::nothing is planned for a fork, which gets no tokens; push the branch into this repository"
    else
      program=true pull_request=true comment=$ACCESS_COMMENT
    fi
    ;;
  apply) program=true pull_request=true comment=$ACCESS_COMMENT mark=$ACCESS_MARK ;;
  comment) comment=true ;;
  mark) mark=true ;;
  *) fail "the input run is \"$ACCESS_RUN\"; expected validate, plan, comment, apply, mark, reapply or drift" ;;
esac
# What an earlier job or step left is the comment's to write, and nobody else's.
[ "$ACCESS_RUN" = comment ] || rm -f "$work/plan.md" "$work/not-applied.md" "$work/earlier.md"
output program "$program"
output pull-request "$pull_request"
output comment "$comment"
output mark "$mark"
