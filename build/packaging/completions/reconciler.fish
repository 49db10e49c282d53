# fish completion for reconciler
function __reconciler_suggest
    set -l words (commandline -opc) (commandline -ct)
    set -l program $words[1]
    set -l line (string join ' ' -- $words[2..-1])
    set -l word (commandline -ct)
    set -l hidden '^/'
    string match -q -- '-*' "$word"; or set hidden '^[-/]'
    $program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -- "$word*" | string match -rv -- $hidden
end
complete -c reconciler -a '(__reconciler_suggest)'
