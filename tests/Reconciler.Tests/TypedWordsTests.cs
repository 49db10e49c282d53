using System.CommandLine;
using Reconciler.Help;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

/// <summary>
/// What was typed and cannot be meant: for every verb, every option and every way to leave a value out.
/// </summary>
public sealed class TypedWordsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-words-");

    public static TheoryData<string, string> ValueOptions =>
        [
            .. Verbs()
                .SelectMany(
                    v => TypedWords.OptionsOf(v.Command).Where(o => !TypedWords.IsFlag(o)),
                    (v, o) => new TheoryDataRow<string, string>(v.Path, o.Name)
                ),
        ];

    public static TheoryData<string> Runnable => [.. Verbs().Select(v => v.Path)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(ValueOptions))]
    public async Task An_option_without_a_value_is_refused(string verb, string option)
    {
        string[] start = [.. verb.Split(' '), .. ArgumentsOf(verb)];
        string[][] lines =
        [
            [.. start, option],
            [.. start, $"{option}="],
            [.. start, $"{option}:"],
            [.. start, option, ""],
            [.. start, option, "  "],
            [.. start, $"{option}= "],
            [.. start, option, "--no-color"],
            [.. start, option, "--help-me"],
            [.. start, option, "-v"],
            [.. start, option, "--"],
            [.. start, option, "-"],
            [.. verb.Split(' '), option, "", .. ArgumentsOf(verb)],
        ];
        foreach (var line in lines)
        {
            var (code, output) = await RunAsync(line);
            Assert.Equal(ExitCode.Usage, code);
            Assert.Equal($"error: option {option} needs a value\n", output.Split('\n')[0] + "\n");
            Assert.InRange(output.Count(c => c == '\n'), 1, 2);
        }
    }

    [Theory]
    [MemberData(nameof(Runnable))]
    public async Task An_unknown_option_is_never_taken_for_a_path(string verb)
    {
        foreach (var unknown in new[] { "--nonsense", "--nonsense=x", "-Z", "-vZ" })
        {
            var (code, output) = await RunAsync([.. verb.Split(' '), .. ArgumentsOf(verb), unknown]);
            Assert.Equal(ExitCode.Usage, code);
            Assert.Equal($"error: unknown option {unknown.Split('=')[0]}\n", output);
        }
    }

    [Theory]
    [MemberData(nameof(ValueOptions))]
    public async Task A_misspelt_option_is_told_the_one_that_was_meant(string verb, string option)
    {
        var misspelt = $"{option[..3]}{option[4..]}";
        if (Verbs().Single(v => v.Path == verb).Command.Options.Any(o => o.Name == misspelt))
            return;
        var (code, output) = await RunAsync([.. verb.Split(' '), .. ArgumentsOf(verb), misspelt, "x"]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith($"error: unknown option {misspelt}; did you mean --", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan people --porvider x", "unknown option --porvider; did you mean --provider?")]
    [InlineData("plan people --provider=x --porject y", "unknown option --porject; did you mean --project?")]
    [InlineData("plan -", "- is no path; name /dev/stdin to read what comes through a pipe")]
    [InlineData("paln people", "unknown command paln; did you mean plan?")]
    [InlineData("state shwo", "unknown command shwo; did you mean show?")]
    [InlineData("plan --format xml", "--format \"xml\": expected github, json, markdown or text")]
    [InlineData("plan --format text --format json", "option --format is given twice; expected it once")]
    [InlineData("plan --max-length many", "--max-length \"many\": expected a whole number")]
    [InlineData("plan --max-length -5", "--max-length -5: expected at least 4000")]
    [InlineData(
        "plan --base-url eu=",
        "--base-url eu=: expected NAME=URL, such as clarifeye-eu=http://127.0.0.1:8080/clarifeye-eu/api/v1"
    )]
    [InlineData("plan --no-state=", "option --no-state is a switch; expected no value, true or false")]
    [InlineData("plan --no-state=perhaps", "option --no-state is a switch; expected no value, true or false")]
    [InlineData("state history --limit 0", "--limit: expected a whole number from 1 on")]
    [InlineData("plan --state a --no-state", "--state and --no-state say opposite things; expected one of them")]
    [InlineData("plan --fail-on anything", "--fail-on \"anything\": expected findings")]
    [InlineData("plan --max-removals few", "--max-removals few: expected a whole number or none")]
    [InlineData(
        "worker --set maxRemovals=",
        "--set maxRemovals=: expected SETTING=VALUE, such as source.git.branch=main"
    )]
    [InlineData("operator --log-level loud", "--log-level \"loud\": expected debug, info or warning")]
    [InlineData("offboard", "argument PERSON is missing")]
    [InlineData("state adopt fraud", "argument PEOPLE is missing")]
    [InlineData("demo now", "unexpected argument \"now\"")]
    [InlineData("sandbox", "option --seed is missing")]
    [InlineData("completion tcsh", "SHELL \"tcsh\": expected bash, fish or zsh")]
    [InlineData("import people", "expected either --project ID, once for each project, or --all")]
    public async Task A_usage_error_is_one_line_of_its_own_exit_code(string line, string expected)
    {
        var (code, output) = await RunAsync(line.Split(' '));
        Assert.Equal((ExitCode.Usage, $"error: {expected}\n"), (code, output));
    }

    [Fact]
    public async Task Where_a_command_is_missing_those_there_are_are_told()
    {
        var (state, said) = await RunAsync("state");
        Assert.Equal(ExitCode.Usage, state);
        Assert.StartsWith(
            "error: a command is missing; expected one of show, history, adopt,",
            said,
            StringComparison.Ordinal
        );
        var (code, output) = await RunAsync();
        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith(
            "error: a command is missing; expected one of validate, plan, apply,",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_empty_path_is_not_the_current_folder()
    {
        foreach (var verb in new[] { "validate", "plan", "apply", "report" })
        {
            Assert.Equal(
                (ExitCode.Usage, "error: argument PATHS is empty; expected a value\n"),
                await RunAsync(verb, "")
            );
            Assert.Equal(
                (ExitCode.Usage, "error: argument PATHS is empty; expected a value\n"),
                await RunAsync(verb, "--", " ")
            );
        }
    }

    [Fact]
    public async Task After_two_dashes_a_word_that_begins_with_one_is_a_path()
    {
        var (code, output) = await RunAsync("validate", "--", "--provider");
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains("--provider: does not exist", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_that_begins_with_an_at_sign_is_a_path_and_no_file_of_words()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "words"),
            "--help",
            TestContext.Current.CancellationToken
        );
        var (code, output) = await RunAsync("validate", "@words");
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains("@words: does not exist", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_usage_errors_take_two_lines()
    {
        var (code, output) = await RunAsync("plan", "--aaa", "--bbb", "--ccc", "--ddd");
        Assert.Equal(
            (ExitCode.Usage, "error: unknown option --aaa\nerror: unknown option --bbb (and 2 more)\n"),
            (code, output)
        );
    }

    [Fact]
    public async Task A_switch_and_a_bundle_of_switches_need_no_value()
    {
        Assert.Empty(
            CommandLines.ErrorsOf([
                "apply",
                "people",
                "-vy",
                "--no-state=true",
                "--lock-timeout=5s",
                "--project",
                "a",
                "--project=b",
            ])
        );
        var (code, _) = await RunAsync("plan", "--porvider", "x", "--help");
        Assert.Equal(ExitCode.Done, code);
    }

    private static IEnumerable<(string Path, Command Command)> Verbs() =>
        Below(CommandLines.Root(), "").Where(v => v.Command.Action is not null);

    private static IEnumerable<(string Path, Command Command)> Below(Command command, string path) =>
        command
            .Subcommands.Select(c => (Path: $"{path} {c.Name}".Trim(), Command: c))
            .SelectMany(v => Below(v.Command, v.Path).Prepend(v));

    // What a verb cannot do without; paths are left out.
    private static IEnumerable<string> ArgumentsOf(string verb) =>
        Verbs()
            .Single(v => v.Path == verb)
            .Command.Arguments.Where(a => a.Arity.MinimumNumberOfValues > 0)
            .Select(a =>
                a.Name switch
                {
                    "email" => "ana@example.com",
                    "shell" => "bash",
                    _ => "one",
                }
            );

    private async Task<(int Code, string Output)> RunAsync(params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = CommandLines.Environment(output) with { Folder = _folder.FullName };
        var code = await Cli.RunAsync(words, environment, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}
