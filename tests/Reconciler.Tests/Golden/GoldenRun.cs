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

        using var output = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment { Out = output, Error = output, In = TextReader.Null, Variable = Variable, Clock = new FrozenClock(Now) };
        var code = await Cli.RunAsync([.. words.Skip(1).Select(Place)], environment, cancellation);
        _seen.Append(Neutral(output.ToString())).Append("exit ").Append(code).Append("\n\n");
    }

    private static string? Variable(string name) => name == "RECONCILER_CLARIFEYE_TOKEN" ? "golden-token" : null;

    // Names of files and folders are those of the case; {name} is where the sandbox has a connection.
    private string Place(string word)
    {
        if (File.Exists(Path.Combine(_folder, word)) || Directory.Exists(Path.Combine(_folder, word))) return Path.Combine(_folder, word);
        return ConnectionName().Replace(word, m => _sandbox!.BaseUrl(m.Groups[1].Value));
    }

    private string Neutral(string text)
    {
        var neutral = text.Replace(_folder + "/", "", StringComparison.Ordinal);
        if (_sandbox is not null) neutral = neutral.Replace(_sandbox.Url.TrimEnd('/'), "http://sandbox", StringComparison.Ordinal);
        return Digest().Replace(neutral, "sha256:…");
    }

    [GeneratedRegex(@"\{([a-z0-9-]+)\}")]
    private static partial Regex ConnectionName();

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();

    private sealed class FrozenClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
