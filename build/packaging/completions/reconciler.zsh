#compdef reconciler
# zsh completion for reconciler
_reconciler() {
  local line="${(j: :)${(@)words[2,CURRENT]}}"
  local -a suggestions
  suggestions=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
  suggestions=("${(@M)suggestions:#${words[CURRENT]}*}")
  suggestions=("${(@)suggestions:#/*}")
  [[ "${words[CURRENT]}" == -* ]] || suggestions=("${(@)suggestions:#-*}")
  if (( ${#suggestions} )); then
    compadd -- "${suggestions[@]}"
  else
    _files
  fi
}
# A file _reconciler of fpath is read when it is called first, and then has to complete.
if [[ "${funcstack[1]}" == _reconciler ]]; then
  _reconciler "$@"
else
  compdef _reconciler reconciler
fi
