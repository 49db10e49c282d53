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
    [InlineData("plan --project ", "churn fraud-detection")]
    [InlineData("plan --project fr", "fraud-detection")]
    [InlineData("report --provider ", "clarifeye-eu")]
    [InlineData("invitations list --provider ", "clarifeye-eu")]
    [InlineData("explain ", "ana@example.com bob@example.com github:octocat")]
    [InlineData("offboard gi", "github:octocat")]
    [InlineData("offboard mo", "")]
    [InlineData("explain ana@e", "ana@example.com")]
    [InlineData("offboard bo", "bob@example.com")]
    [InlineData("plan there --project ", "churn fraud-detection")]
    [InlineData("plan nowhere --project ", "")]
    public async Task Names_and_addresses_come_from_the_manifests_and_nothing_is_said_of_broken_ones(
        string line,
        string expected
    )
    {
        var folder = Directory.CreateTempSubdirectory("reconciler-complete-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "there"));
            var at = line.Contains("there", StringComparison.Ordinal) ? "there/people.yaml" : "people.yaml";
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, at), People, Cancellation);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "broken.yaml"), "kind: [", Cancellation);
            using var output = new StringWriter { NewLine = "\n" };
            var environment = CommandLines.Environment(output) with { Folder = folder.FullName };
            await Cli.RunAsync([$"[suggest:{line.Length}]", line], environment, Cancellation);
            var offered = output
                .ToString()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(w => !w.StartsWith('-') && !w.StartsWith('/'))
                .Order(StringComparer.Ordinal);
            Assert.Equal(expected, string.Join(' ', offered));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("explain ana@e", "example.com")]
    [InlineData("explain an", "ana@example.com")]
    public async Task Bash_gets_what_follows_the_sign_that_it_breaks_words_at(string line, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("reconciler-complete-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "people.yaml"), People, Cancellation);
            const string script = """
                PATH="$1:$PATH"
                cd "$3"
                source <(reconciler completion bash)
                COMP_WORDBREAKS=$' \t\n"\'@><=;|&(:'
                COMP_LINE="reconciler $2" COMP_POINT=$(( ${#2} + 11 ))
                COMP_WORDS=(reconciler unused) COMP_CWORD=1
                _reconciler reconciler unused reconciler
                printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | xargs
                """;
            Assert.Equal(
                expected,
                await BashAsync(script, AppContext.BaseDirectory.TrimEnd('/'), line, folder.FullName)
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private const string People = """
        apiVersion: reconciler.dev/v1alpha1
        kind: AccessProvider
        metadata: {name: clarifeye-eu}
        spec: {type: clarifeye, baseUrl: https://eu.app.clarifeye.ai/api/v1, credentials: {token: {env: RECONCILER_T}}}
        ---
        apiVersion: reconciler.dev/v1alpha1
        kind: ProjectMembership
        metadata: {name: fraud-detection}
        spec:
          provider: clarifeye-eu
          projectId: 3c90c3cc-0d44-4b50-8888-8dd25736052a
          members:
          - {email: ana@example.com, access: {permissions: [CAN_VIEW_DATA]}}
        ---
        apiVersion: reconciler.dev/v1alpha1
        kind: ProjectMembership
        metadata: {name: churn}
        spec:
          provider: clarifeye-eu
          projectId: 5d634e8a-455c-5280-809c-52a675ff4892
          members:
          - {email: bob@example.com, access: {permissions: [CAN_VIEW_DATA]}}
        ---
        apiVersion: reconciler.dev/v1alpha1
        kind: Person
        metadata: {name: ana}
        spec: {email: ana@example.com, logins: {github: octocat}}
        ---
        apiVersion: reconciler.dev/v1alpha1
        kind: Team
        metadata: {name: web}
        spec: {members: [{login: mona}]}
        """;

    [Theory]
    [InlineData("bash", "complete -o default -F _reconciler reconciler")]
    [InlineData("zsh", "compdef _reconciler reconciler")]
    [InlineData("fish", "complete -c reconciler -a '(__reconciler_suggest)'")]
    public async Task Each_shell_has_a_script_that_asks_the_program_and_registers_itself(string shell, string registers)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(
            ExitCode.Done,
            await Cli.RunAsync(["completion", shell], CommandLines.Environment(output), Cancellation)
        );
        var lines = output.ToString().TrimEnd('\n').Split('\n');
        Assert.Contains($"# {shell} completion for reconciler", lines[..2]);
        Assert.Contains(registers, lines.Select(l => l.Trim()));
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
