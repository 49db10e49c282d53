# bash completion for reconciler
_reconciler() {
  local line="${COMP_LINE:0:COMP_POINT}" word suggestion breaks head=""
  line="${line#*"$1"}"
  line="${line#"${line%%[![:space:]]*}"}"
  word="${line##*[[:space:]]}"
  breaks="${COMP_WORDBREAKS//[!@=:]/}"
  [[ -n "$breaks" ]] && head="${word%"${word##*[$breaks]}"}"
  COMPREPLY=()
  while IFS= read -r suggestion; do
    [[ -z "$suggestion" || "$suggestion" == /* || "$suggestion" != "$word"* ]] && continue
    [[ "$suggestion" == -* && "$word" != -* ]] && continue
    COMPREPLY+=("${suggestion#"$head"}")
  done < <("$1" "[suggest:${#line}]" "$line" 2>/dev/null)
}
complete -o default -F _reconciler reconciler
