using System.Text.Json.Nodes;
using Reconciler.Testing;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.Hosts.Crashes;
using Reconciler.Testing.State;

namespace Reconciler.Tests.Compatibility;

/// <summary>
/// What the last release had is still there. Its lines lie in the folder <c>Released</c>, with a state file that it
/// wrote; a release renews them (RECONCILER_UPDATE_RELEASED=1). A line that goes on purpose is moved to
/// <c>changed.txt</c>, and the changelog says so.
/// </summary>
public sealed class ReleasedTests
{
    private const string Folder = "tests/Reconciler.Tests/Compatibility/Released";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static bool Updates => Environment.GetEnvironmentVariable("RECONCILER_UPDATE_RELEASED") == "1";

    public static TheoryData<string> Parts => [.. Surface.Parts.Keys];

    [Theory]
    [MemberData(nameof(Parts))]
    public void What_the_last_release_had_is_still_there(string part)
    {
        var now = Surface.Parts[part]().Order(StringComparer.Ordinal).ToList();
        var file = Repository.At($"{Folder}/{part}.txt");
        var changed = File.ReadLines(Repository.At($"{Folder}/changed.txt")).Where(l => !l.StartsWith('#')).ToList();
        if (Updates)
        {
            File.WriteAllLines(file, now);
            Assert.True(changed.Count == 0, "a new release begins with no exception: empty changed.txt");
        }

        var gone = File.ReadLines(file).Except(now, StringComparer.Ordinal).Except(changed, StringComparer.Ordinal);

        Assert.NotEmpty(now);
        Assert.Equal([], gone);
    }

    [Fact]
    public async Task A_state_that_the_last_release_wrote_is_read_and_upgraded_and_says_the_same()
    {
        if (Updates)
            await WriteStateAsync();
        using var folder = new TempFolder();
        await using (var connection = folder.Raw())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = await File.ReadAllTextAsync(Repository.At($"{Folder}/state.sql"), Cancellation);
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        foreach (
            var words in (string[][])
                [
                    ["state", "show"],
                    ["state", "history"],
                ]
        )
        {
            var now = await SaidAsync(folder.File, words);
            var file = Repository.At($"{Folder}/{string.Join('-', words)}.json");
            if (Updates)
                await File.WriteAllTextAsync(file, now, Cancellation);
            var before = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancellation));
            Assert.Equal([], Missing(before, JsonNode.Parse(now), string.Join(' ', words)));
        }

        // It exits with 1 where the chain of the history is broken.
        await SaidAsync(folder.File, ["state", "verify"]);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""", "x asks for nothing")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"^b$"}}}""", "x.a may be any text")]
    [InlineData("""{"type":"object","properties":{"a":{"enum":["b"]}}}""", "x.a may be any text")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}}}""", "x.a: string")]
    [InlineData("""{"type":"object","properties":{"b":{"type":"string"}}}""", "x.a: string")]
    [InlineData(
        """{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}""",
        "x may have other fields"
    )]
    public void A_schema_that_takes_less_loses_a_line(string stricter, string line)
    {
        var before = Surface.SchemaFields("""{"type":"object","properties":{"a":{"type":"string"}}}""", "x");

        Assert.Contains(line, before.Except(Surface.SchemaFields(stricter, "x"), StringComparer.Ordinal));
    }

    [Fact]
    public void A_value_that_is_gone_or_another_is_found()
    {
        var before = JsonNode.Parse("""{"a": 1, "b": [{"c": "x"}], "d": null}""");

        Assert.Equal([], Missing(before, JsonNode.Parse("""{"a": 1, "b": [{"c": "x", "e": 2}], "d": null}"""), ""));
        Assert.Equal([".a", ".b[0].c"], Missing(before, JsonNode.Parse("""{"b": [{"c": "y"}], "d": null}"""), ""));
        Assert.Equal([".b"], Missing(before, JsonNode.Parse("""{"a": 1, "b": [], "d": null}"""), ""));
    }

    // Fields may be added; nothing may go or change.
    private static IEnumerable<string> Missing(JsonNode? before, JsonNode? now, string path) =>
        (before, now) switch
        {
            (JsonObject old, JsonObject fields) => old.SelectMany(f =>
                Missing(f.Value, fields[f.Key], $"{path}.{f.Key}")
            ),
            (JsonArray old, JsonArray items) when old.Count == items.Count => old.SelectMany(
                (o, i) => Missing(o, items[i], $"{path}[{i}]")
            ),
            _ => JsonNode.DeepEquals(before, now) ? [] : [path],
        };

    private static async Task<string> SaidAsync(string state, string[] words)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        string[] line = [.. words, "--state", state, "--format", "json"];
        var code = await Cli.RunAsync(line, CommandLines.Environment(output), Cancellation);
        Assert.True(code == ExitCode.Done, output.ToString());
        return output.ToString();
    }

    // The state of an apply at four vendors, as statements that make it again.
    private static async Task WriteStateAsync()
    {
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        var (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
        using var folder = new TempFolder();
        await using var connection = folder.Raw(scene.StateFile);
        await File.WriteAllTextAsync(
            Repository.At($"{Folder}/state.sql"),
            await StateDump.OfAsync(connection, Cancellation),
            Cancellation
        );
    }
}
