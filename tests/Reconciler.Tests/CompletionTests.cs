using System.Diagnostics;
using Reconciler.Help;
using Reconciler.Reports;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

public sealed class CompletionTests
{
    private const string Program = "reconciler";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("reconciler val", "validate")]
    [InlineData("reconciler plan --form", "--format")]
    [InlineData("reconciler plan --format ", "github json markdown text")]
    [InlineData("reconciler plan people --format m", "markdown")]
    [InlineData("reconciler completion ", "bash fish zsh")]
    [InlineData("reconciler plan ex", "")]
    [InlineData("reconciler   plan --mask", "--mask-emails")]
    public async Task Bash_completes_with_what_the_program_suggests(string line, string expected)
    {
        // The function that bash calls is called as bash does: with the line, the cursor, and the words.
        var script = $$"""
            PATH="$1:$PATH"
            source <({{Program}} completion bash)
            COMP_LINE="$2" COMP_POINT=${#2}
            read -ra COMP_WORDS <<<"$2"
            [[ "$2" == *' ' ]] && COMP_WORDS+=("")
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            $(complete -p {{Program}} | sed 's/.*-F \([^ ]*\) .*/\1/') {{Program}} "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | xargs
            """;
        Assert.Equal(expected, await BashAsync(script, AppContext.BaseDirectory.TrimEnd('/'), line));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _reconciler reconciler")]
    [InlineData("zsh", "compdef _reconciler reconciler")]
    [InlineData("fish", "complete -c reconciler -a '(__reconciler_suggest)'")]
    public async Task Each_shell_has_a_script_that_asks_the_program_and_ends_by_registering_it(
        string shell,
        string last
    )
    {
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(
            ExitCode.Done,
            await Cli.RunAsync(["completion", shell], CommandLines.Environment(output), Cancellation)
        );
        var lines = output.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal($"# {shell} completion for reconciler", lines[0]);
        Assert.Equal(last, lines[^1]);
        Assert.Contains("[suggest:", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(CompletionScripts.Of(shell), output.ToString());
    }

    [Fact]
    public async Task Another_shell_is_refused()
    {
        using var output = new StringWriter();
        Assert.Equal(
            ExitCode.Usage,
            await Cli.RunAsync(["completion", "tcsh"], CommandLines.Environment(output), Cancellation)
        );
    }

    [Fact]
    public void The_help_names_every_shell() =>
        Assert.Equal(CompletionScripts.Shells, HelpExamples.Of("completion").Select(e => e.What.Split(':')[0]));

    private static async Task<string> BashAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])["--norc", "-c", script, "bash", .. arguments])
            start.ArgumentList.Add(argument);
        using var bash = Process.Start(start)!;
        var error = bash.StandardError.ReadToEndAsync(Cancellation);
        var output = await bash.StandardOutput.ReadToEndAsync(Cancellation);
        await bash.WaitForExitAsync(Cancellation);
        Assert.Equal("", await error);
        return output.Trim();
    }
}
