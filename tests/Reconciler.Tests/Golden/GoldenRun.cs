using System.Text;
using System.Text.RegularExpressions;
using Reconciler.Hosts;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests.Golden;

/// <summary>Plays the commands of one case, and writes down what a person would see.</summary>
internal sealed partial class GoldenRun : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder;
    private readonly StringBuilder _seen = new();
    private SandboxServer? _sandbox;

    private GoldenRun(string folder) => _folder = folder;

    public static async Task<string> PlayAsync(string folder, CancellationToken cancellation)
    {
        await using var run = new GoldenRun(folder);
        var seed = Path.Combine(folder, "seed.yaml");
        if (File.Exists(seed))
        {
            run._sandbox = await SandboxServer.StartAsync(new() { Seed = SandboxSeed.Parse(await File.ReadAllTextAsync(seed, cancellation)), Clock = new FrozenClock(Now) }, cancellation);
        }

        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(folder, "commands.txt"), cancellation))
        {
            if (line.Length > 0) await run.PlayLineAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), cancellation);
        }

        return run._seen.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (_sandbox is not null) await _sandbox.DisposeAsync();
    }

    private async Task PlayLineAsync(string[] words, CancellationToken cancellation)
    {
        _seen.Append("$ ").AppendJoin(' ', words).Append('\n');
        if (words[0] == "accept")
        {
            _sandbox!.Connection(words[1]).Accept(words[2], words[3]);
            return;
        }

        var (code, text) = await RunAsync(words, cancellation);
        _seen.Append(Neutral(text)).Append("exit ").Append(code).Append("\n\n");
        if (words[1] == "apply" && code == ExitCode.Done) await NothingIsLeftAsync(words, cancellation);
    }

    private async Task<(int Code, string Text)> RunAsync(string[] words, CancellationToken cancellation)
    {
        var writes = _sandbox?.NonGetCount;
        using var output = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment { Out = output, Error = output, In = TextReader.Null, Variable = Variable, Clock = new FrozenClock(Now), Folder = _folder };
        var code = await Cli.RunAsync([.. words.Skip(1).Select(Place)], environment, cancellation);
        if (words[1] == "plan") Assert.Equal(writes, _sandbox?.NonGetCount);
        return (code, output.ToString());
    }

    // Whatever was applied whole leaves nothing to apply.
    private async Task NothingIsLeftAsync(string[] words, CancellationToken cancellation)
    {
        string[] again = [words[0], "plan", .. words.Skip(2).Where(w => w != "--yes"), "--detailed-exitcode"];
        var (code, text) = await RunAsync(again, cancellation);
        Assert.True(code == ExitCode.Done, $"{string.Join(' ', again)} found changes after apply:\n{text}");
    }

    private static string? Variable(string name) =>
        name.StartsWith("RECONCILER_", StringComparison.Ordinal) && name != "RECONCILER_UNSET" ? "golden-token" : null;

    // {name} is where the sandbox has the connection of that name.
    private string Place(string word) => ConnectionName().Replace(word, m => _sandbox!.BaseUrl(m.Groups["name"].Value));

    private string Neutral(string text)
    {
        var neutral = text;
        if (_sandbox is not null) neutral = neutral.Replace(_sandbox.Url.TrimEnd('/'), "http://sandbox", StringComparison.Ordinal);
        return Digest().Replace(neutral, "sha256:…");
    }

    [GeneratedRegex(@"\{(?<name>[a-z0-9-]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ConnectionName();

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Digest();

    private sealed class FrozenClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
