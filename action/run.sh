#!/usr/bin/env bash
# Runs the program, and leaves its exit code for the last step, so that the comment is written first.
# shellcheck source=action/common.sh
source "$(dirname "$0")/common.sh"

if [ "$ACCESS_RUN" = apply ] && [ "$ACCESS_CHANGED" != true ]; then
  exit 0
fi
if [ "$ACCESS_RUN" = plan ] && [ "$ACCESS_CHANGED" != true ] && [ ! -s "$work/earlier.md" ]; then
  echo "::notice::nothing in $ACCESS_FOLDER changes, so nothing is planned"
  exit 0
fi

base="$work/base/$ACCESS_FOLDER" applied="$work/applied/$ACCESS_FOLDER"
more=()
while IFS= read -r word; do
  [ -z "$word" ] || more+=("$word")
done <<< "$ACCESS_ARGUMENTS"
case "$ACCESS_MASK" in
  true) more+=(--mask-emails) ;;
  false) ;;
  *) fail "the input mask-emails is \"$ACCESS_MASK\"; expected true or false" ;;
esac
compare=()
[ ! -s "$work/earlier.md" ] || compare=(--compare "$work/earlier.md")

plan() {
  "$ACCESS_PROGRAM" plan "$ACCESS_FOLDER/people" --connections "$base/connections" --guardrails "$base/guardrails" \
    --baseline "$applied" --format markdown "$@" ${more[@]+"${more[@]}"}
}

status=0
case "$ACCESS_RUN" in
  validate)
    "$ACCESS_PROGRAM" validate "$ACCESS_FOLDER/people" --connections "$ACCESS_FOLDER/connections" \
      --guardrails "$ACCESS_FOLDER/guardrails" --format github ${more[@]+"${more[@]}"} || status=$?
    ;;
  plan)
    plan ${compare[@]+"${compare[@]}"} > "$work/plan.md" || status=$?
    if [ ! -s "$work/plan.md" ]; then
      {
        echo "<!-- reconciler.dev/plan/v1 digest=none -->"
        echo "**There is no plan:** the program ended with $status. The log of the run says why."
      } > "$work/plan.md"
    fi
    cat "$work/plan.md" >> "$GITHUB_STEP_SUMMARY"
    ;;
  apply)
    approved=()
    while IFS= read -r hold; do
      [ -z "$hold" ] || approved+=(--approve "$hold")
    done <<< "$ACCESS_APPROVE"
    "$ACCESS_PROGRAM" apply "$ACCESS_FOLDER/people" --connections "$base/connections" --guardrails "$base/guardrails" \
      --baseline "$applied" --expect "$ACCESS_DIGEST" ${approved[@]+"${approved[@]}"} ${compare[@]+"${compare[@]}"} \
      --yes --format github ${more[@]+"${more[@]}"} || status=$?
    if [ "$status" -ne 0 ]; then
      bash "$(dirname "$0")/not-applied.sh" "$status" > "$work/not-applied.md"
      # Whoever merged it reads what is left, and what changed since the review, without opening the log.
      [ "$status" -ne 4 ] || plan ${compare[@]+"${compare[@]}"} >> "$work/not-applied.md" || true
      cat "$work/not-applied.md" >> "$GITHUB_STEP_SUMMARY"
    fi
    ;;
  reapply)
    # The manifests that were reviewed and applied, and no later ones: what ends by a date ends, and what somebody
    # changed at a vendor is set right.
    cd "$work/applied"
    "$ACCESS_PROGRAM" apply "$ACCESS_FOLDER/people" --connections "$ACCESS_FOLDER/connections" \
      --guardrails "$ACCESS_FOLDER/guardrails" --baseline "$ACCESS_FOLDER" --yes --format github \
      ${more[@]+"${more[@]}"} || status=$?
    ;;
  drift)
    plan --detailed-exitcode > "$work/plan.md" || status=$?
    cat "$work/plan.md" >> "$GITHUB_STEP_SUMMARY"
    if [ "$status" -eq 2 ]; then
      echo "::error::live state differs from the manifests; the summary of this run shows how"
    fi
    ;;
esac
output status "$status"
