using System.CommandLine;
using Reconciler.Testing;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

/// <summary>A named program says what this build says: schemas, vendors, help and checks are all there.</summary>
[Trait("Runs", "Program")]
[Trait("Needs", "NamedProgram")]
public sealed class ProgramTests
{
    public static TheoryData<string> Lines =>
        [
            .. Paths(CommandLines.Root()).Select(p => $"{p} --help".TrimStart()),
            "show schema",
            "show schema Guardrail",
            "show schema Team",
            "show providers",
            "completion bash",
            "completion zsh",
            "validate examples/acme",
            "validate examples/acme-gorules --format json",
            "validate examples/compose/manifests --format github",
            "validate tests",
            "plan examples/acme --porvider x",
            "worker --config examples/systemd/worker.yaml --check",
            "worker --config examples/acme --check",
        ];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_named_program_says_the_same(string line)
    {
        TestedProgram.SkipUnlessNamed();
        var words = line.Split(' ');
        await using var here = new StringWriter { NewLine = "\n" };
        var environment = CommandLines.Environment(here) with { Folder = Repository.Root };
        var code = await Cli.RunAsync(words, environment, TestContext.Current.CancellationToken);

        var (ended, said) = await TestedProgram.RunAsync(
            Repository.Root,
            new Dictionary<string, string>(StringComparer.Ordinal),
            words,
            TestContext.Current.CancellationToken
        );

        // Help names the process that prints it.
        var expected = here.ToString();
        if (words[^1] == "--help")
            expected = expected.Replace("  Reconciler.Tests", "  reconciler", StringComparison.Ordinal);
        Assert.Equal(expected, said);
        Assert.Equal(code, ended);
    }

    private static IEnumerable<string> Paths(Command command, string path = "") =>
        command.Subcommands.SelectMany(c => Paths(c, $"{path} {c.Name}".Trim())).Prepend(path);
}
