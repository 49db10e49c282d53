using System.Collections.Immutable;

namespace Reconciler.Reports;

/// <summary>
/// Scripts that complete a command line in a shell. Each passes the words after the program's name, up to the cursor,
/// to the directive <c>[suggest]</c>, keeps the suggestions that begin with the typed word, and falls back to file
/// names. Options are offered once a dash is typed.
/// </summary>
public static class CompletionScripts
{
    private const string Bash = """
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

        """;

    private const string Zsh = """
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

        """;

    private const string FishCall = """$program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null""";

    private const string Fish = $$"""
        # fish completion for reconciler
        function __reconciler_suggest
            set -l words (commandline -opc) (commandline -ct)
            set -l program $words[1]
            set -l line (string join ' ' -- $words[2..-1])
            set -l word (commandline -ct)
            set -l hidden '^/'
            string match -q -- '-*' "$word"; or set hidden '^[-/]'
            {{FishCall}} | string match -- "$word*" | string match -rv -- $hidden
        end
        complete -c reconciler -a '(__reconciler_suggest)'

        """;

    private static readonly ImmutableDictionary<string, string> All = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The shells with a script.</summary>
    public static ImmutableArray<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>Returns the script for a shell.</summary>
    /// <param name="shell">One of <see cref="Shells"/>.</param>
    public static string Of(string shell) => All[shell];
}
