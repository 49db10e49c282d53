using System.CommandLine;
using System.Globalization;
using Reconciler.Help;
using Reconciler.Testing;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Verbs => [.. Paths(CommandLines.Root())];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_verb_shows_examples_that_parse(string path)
    {
        var examples = HelpExamples.Of(path);
        Assert.NotEmpty(examples);
        var help = await HelpAsync(path);
        Assert.Contains("Examples:", help, StringComparison.Ordinal);
        foreach (var (line, what) in examples)
        {
            Assert.Contains($"  # {what}", help, StringComparison.Ordinal);
            Assert.Contains($"  {line}", help, StringComparison.Ordinal);
            Assert.Empty(CommandLines.ErrorsOf(line));
            Assert.Contains($"reconciler {path}".TrimEnd(), line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_programs_help_has_every_exit_code_and_the_reference_page_the_same_ones()
    {
        var help = await HelpAsync("");
        var page = await File.ReadAllTextAsync(Repository.At(CommandPage.Path), TestContext.Current.CancellationToken);
        var codes = typeof(ExitCode)
            .GetFields()
            .Where(f => f.IsLiteral)
            .Select(f => (int)f.GetRawConstantValue()!)
            .ToList();
        Assert.Equal(codes.Order(), ExitCode.Meanings.Select(m => m.Code).Order());
        foreach (var (code, meaning) in ExitCode.Meanings)
        {
            Assert.Contains(
                string.Create(CultureInfo.InvariantCulture, $"  {code, 3}  {meaning}"),
                help,
                StringComparison.Ordinal
            );
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {code} |"), page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_verbs_help_does_not_repeat_the_exit_codes() =>
        Assert.DoesNotContain("Exit codes", await HelpAsync("plan"), StringComparison.Ordinal);

    [Fact]
    public async Task The_help_of_import_says_that_the_files_hold_addresses() =>
        Assert.Contains(
            "the files that are written hold them all the same",
            (await HelpAsync("import")).ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );

    private static async Task<string> HelpAsync(string path)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var code = await Cli.RunAsync(
            [.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"],
            CommandLines.Environment(output),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(ExitCode.Done, code);
        return output.ToString();
    }

    private static IEnumerable<string> Paths(Command command, string path = "") =>
        command.Subcommands.SelectMany(c => Paths(c, $"{path} {c.Name}".Trim())).Prepend(path);
}
