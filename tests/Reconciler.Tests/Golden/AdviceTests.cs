using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.Testing;
using Reconciler.Testing.Contract;

namespace Reconciler.Tests.Golden;

/// <summary>
/// Follows what the cases of wrong manifests are advised: a word that was meant, a unit, quotes, an option. What was
/// advised must pass: no error
/// is left at that place.
/// </summary>
public sealed partial class AdviceTests
{
    private static readonly string Root = Path.Combine(Repository.Root, "tests", "Reconciler.Tests", "Golden");

    public static TheoryData<string> Cases =>
        [.. Directory.GetDirectories(Root, "wrong-*").Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Advice_passes_when_it_is_followed(string name)
    {
        var folder = Directory.CreateTempSubdirectory("advice").FullName;
        try
        {
            Folders.Copy(Path.Combine(Root, name), folder);
            foreach (var line in await ValidateAsync(folder))
            {
                if (Followed.Of(line) is not { } advice)
                    continue;
                var file = Path.Combine(folder, advice.File);
                var before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
                await File.WriteAllTextAsync(file, advice.Apply(before), TestContext.Current.CancellationToken);
                var left = (await ValidateAsync(folder, advice.Options))
                    .Where(l => l.StartsWith($"error: {advice.Place}:", StringComparison.Ordinal))
                    .ToList();
                await File.WriteAllTextAsync(file, before, TestContext.Current.CancellationToken);

                Assert.True(left.Count == 0, $"{line}\nwas followed, and left:\n{string.Join('\n', left)}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task There_is_advice_of_every_kind_to_follow()
    {
        var advice = (
            await Task.WhenAll(
                Directory
                    .GetFiles(Root, "expected.txt", SearchOption.AllDirectories)
                    .Where(f => f.Contains("wrong-", StringComparison.Ordinal))
                    .Select(f => File.ReadAllLinesAsync(f))
            )
        )
            .SelectMany(lines => lines)
            .Select(Followed.Of)
            .OfType<Followed>()
            .ToList();

        Assert.True(advice.Count >= 12, $"{advice.Count}");
        Assert.Equal(
            ["did you mean", "run with", "unit", "written in quotes"],
            advice.Select(a => a.Kind).Distinct().Order(StringComparer.Ordinal)
        );
    }

    // A base URL is suggested of the same vendor, whatever is wrong with the one that was written.
    [Theory]
    [InlineData("clarifeye")]
    [InlineData("confident-ai")]
    [InlineData("equinix-metal")]
    [InlineData("gorules")]
    public async Task A_base_URL_is_suggested_of_the_same_vendor(string type)
    {
        var others = ProgramVendors.All.Where(v => v.Type != type).SelectMany(v => v.PublishedHosts).ToList();
        var own = ProgramVendors.Of(type).PublishedUrls;
        foreach (
            var url in new[]
            {
                "nowhere",
                "ftp://a.example",
                "https://",
                "https://a.example/x?y",
                "http://a.example",
                "https://elsewhere.example/api",
                "api.a.example",
            }
        )
        {
            var folder = Directory.CreateTempSubdirectory("advice").FullName;
            Directory.CreateDirectory(Path.Combine(folder, "manifests"));
            await File.WriteAllTextAsync(
                Path.Combine(folder, "manifests", "a.yaml"),
                $$"""
                apiVersion: reconciler.dev/v1alpha1
                kind: AccessProvider
                metadata: {name: a}
                spec:
                  type: {{type}}
                  baseUrl: "{{url}}"
                  actingAs: bot@example.com
                  credentials: {token: {env: RECONCILER_TOKEN} }
                """,
                TestContext.Current.CancellationToken
            );

            var lines = (await ValidateAsync(folder))
                .Where(l => l.Contains("spec.baseUrl", StringComparison.Ordinal))
                .ToList();
            Directory.Delete(folder, recursive: true);

            Assert.NotEmpty(lines);
            Assert.DoesNotContain(lines, l => others.Any(host => l.Contains(host, StringComparison.Ordinal)));
            Assert.Contains(
                lines,
                l =>
                    own.IsEmpty
                        ? l.Contains("a URL whose host the runner allows", StringComparison.Ordinal)
                        : own.All(u => l.Contains(u, StringComparison.Ordinal))
            );
        }
    }

    private static async Task<string[]> ValidateAsync(string folder, params string[] options)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var clock = new StandingClock(new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = _ => null,
            Folder = folder,
            Clock = clock,
        };
        await Cli.RunAsync(["validate", "manifests", .. options], environment, TestContext.Current.CancellationToken);
        return output.ToString().Split('\n');
    }

    /// <summary>Advice that a machine can follow.</summary>
    private sealed partial record Followed(string Kind, string File, int Line, int Column, string Wrong, string Right)
    {
        public string[] Options { get; private init; } = [];

        public string Place => FormattableString.Invariant($"{File}:{Line}:{Column}");

        public static Followed? Of(string line)
        {
            if (Error().Match(line) is not { Success: true } error)
                return null;
            var (message, field) = (error.Groups["message"].Value, error.Groups["field"].Value);
            var (kind, wrong, right) = message switch
            {
                _ when Option().Match(message) is { Success: true } option => (
                    "run with",
                    option.Groups["option"].Value,
                    option.Groups["value"].Value
                ),
                _ when Unit().Match(message) is { Success: true } unit => (
                    "unit",
                    unit.Groups["wrong"].Value,
                    unit.Groups["right"].Value
                ),
                _ when Quotes().Match(message) is { Success: true } quotes => (
                    "written in quotes",
                    quotes.Groups["right"].Value,
                    $"\"{quotes.Groups["right"].Value}\""
                ),
                _ when Meant().Match(message) is { Success: true } meant => (
                    "did you mean",
                    WrongWord(message, field),
                    meant.Groups["right"].Value
                ),
                _ => ("", "", ""),
            };
            if (kind.Length == 0)
                return null;
            var found = new Followed(
                kind,
                error.Groups["file"].Value,
                int.Parse(error.Groups["line"].Value, CultureInfo.InvariantCulture),
                int.Parse(error.Groups["column"].Value, CultureInfo.InvariantCulture),
                wrong,
                right
            );
            return kind == "run with" ? found with { Options = [wrong, right], Wrong = "", Right = "" } : found;
        }

        public string Apply(string text)
        {
            if (Wrong.Length == 0)
                return text;
            var lines = text.Split('\n');
            var at = lines[Line - 1].IndexOf(Wrong, Column - 1, StringComparison.Ordinal);
            Assert.True(at >= 0, $"{Wrong} does not stand at {Place}");
            lines[Line - 1] = string.Concat(
                lines[Line - 1].AsSpan(0, at),
                Right,
                lines[Line - 1].AsSpan(at + Wrong.Length)
            );
            return string.Join('\n', lines);
        }

        // A domain, a word in quotes, or the name of an unknown field.
        private static string WrongWord(string message, string field)
        {
            if (Domain().Match(message) is { Success: true } domain)
                return domain.Groups["domain"].Value;
            return
                Quoted().Match(message) is { Success: true } quoted
                && !message.StartsWith("unknown", StringComparison.Ordinal)
                ? quoted.Groups["wrong"].Value
                : field.Split('.')[^1];
        }

        [GeneratedRegex(
            "^error: (?<file>[^:]+):(?<line>[0-9]+):(?<column>[0-9]+): ((?<field>[A-Za-z][A-Za-z0-9.:\\[\\]]*): )?(?<message>.*)$",
            RegexOptions.ExplicitCapture,
            60_000
        )]
        private static partial Regex Error();

        [GeneratedRegex("did you mean \"(?<right>[^\"]+)\"\\?", RegexOptions.ExplicitCapture, 60_000)]
        private static partial Regex Meant();

        [GeneratedRegex(
            "^(?<wrong>[0-9]+) has no unit; write (?<right>[0-9]+[smhd])",
            RegexOptions.ExplicitCapture,
            60_000
        )]
        private static partial Regex Unit();

        [GeneratedRegex("written in quotes: \"(?<right>[^\"]*)\"", RegexOptions.ExplicitCapture, 60_000)]
        private static partial Regex Quotes();

        [GeneratedRegex(
            "or run with (?<option>--allow-(host|env)) (?<value>[^ ]+)$",
            RegexOptions.ExplicitCapture,
            60_000
        )]
        private static partial Regex Option();

        [GeneratedRegex("^[^ @]+@(?<domain>[^ ]+) is outside", RegexOptions.ExplicitCapture, 60_000)]
        private static partial Regex Domain();

        [GeneratedRegex("\"(?<wrong>[^\"]+)\"", RegexOptions.ExplicitCapture, 60_000)]
        private static partial Regex Quoted();
    }
}
