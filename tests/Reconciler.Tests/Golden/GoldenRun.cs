using System.Text;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Hosting;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Golden;

/// <summary>Plays the commands of one case, and writes down what a person would see.</summary>
internal sealed partial class GoldenRun : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder;
    private readonly StringBuilder _seen = new();
    private readonly StandingClock _clock = new(Now);
    private readonly Dictionary<string, string>? _variables;
    private SandboxServer? _sandbox;
    private string _lastDigest = "";

    // Commands leave a state file behind, and steps change manifests: a case plays in a copy of its folder.
    private GoldenRun(string folder, bool asProcess)
    {
        _folder = Directory.CreateTempSubdirectory("golden").FullName;
        Copy(folder, _folder);
        _variables = asProcess ? VariablesOf(_folder) : null;
    }

    /// <summary>Plays the case in this process, at the time that it was written for.</summary>
    public static async Task<string> PlayAsync(string folder, CancellationToken cancellation)
    {
        await using var run = new GoldenRun(folder, asProcess: false);
        return await run.PlayAsync(run._clock, cancellation);
    }

    /// <summary>Plays the case with the program as a process, now.</summary>
    public static async Task<string> PlayProgramAsync(string folder, CancellationToken cancellation)
    {
        await using var run = new GoldenRun(folder, asProcess: true);
        var days = (int)Math.Round((TimeProvider.System.GetUtcNow() - Now).TotalDays, MidpointRounding.AwayFromZero);
        await GoldenDates.MoveAsync(run._folder, days, cancellation);
        return await run.PlayAsync(TimeProvider.System, cancellation);
    }

    private async Task<string> PlayAsync(TimeProvider clock, CancellationToken cancellation)
    {
        var seed = Path.Combine(_folder, "seed.yaml");
        if (File.Exists(seed))
        {
            _sandbox = await SandboxServer.StartAsync(
                new()
                {
                    Seed = SandboxSeed.Parse(await File.ReadAllTextAsync(seed, cancellation)),
                    Described = new(ManifestLoaders.Vendors, ManifestLoaders.Vendors),
                    Clock = clock,
                },
                cancellation
            );
        }

        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(_folder, "commands.txt"), cancellation))
        {
            if (line.Length > 0)
                await PlayLineAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), cancellation);
        }

        return _seen.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (_sandbox is not null)
            await _sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // What happens between two commands: people answer, time passes, a commit changes manifests.
    private bool IsStep(string[] words)
    {
        switch (words)
        {
            case ["accept", var connection, var project, var email]:
                _sandbox!.Connection(connection).Accept(project, email);
                return true;
            case ["decline", var connection, var project, var email]:
                _sandbox!.Connection(connection).Decline(project, email);
                return true;
            case ["leave", var connection, var project, var email]:
                _sandbox!.Connection(connection).RemoveMember(project, email);
                return true;
            case ["later", var time]:
                _clock.Now += Duration.Parse(time)!.Value;
                return true;
            case ["copy", var from, var to]:
                Copy(Path.Combine(_folder, from), Path.Combine(_folder, to));
                return true;
            case ["delete", var path]:
                if (Directory.Exists(Path.Combine(_folder, path)))
                    Directory.Delete(Path.Combine(_folder, path), recursive: true);
                else
                    File.Delete(Path.Combine(_folder, path));
                return true;
            default:
                return false;
        }
    }

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
            File.Copy(from, to, overwrite: true);
        else
            Folders.Copy(from, to);
    }

    private async Task PlayLineAsync(string[] words, CancellationToken cancellation)
    {
        _seen.Append("$ ").AppendJoin(' ', words).Append('\n');
        if (IsStep(words))
            return;
        var (code, text) = await RunAsync(words, cancellation);
        _seen.Append(Neutral(text)).Append("exit ").Append(code).Append("\n\n");
        if (words[1] == "apply" && code == ExitCode.Done)
            await NothingIsLeftAsync(words, cancellation);
    }

    private async Task<(int Code, string Text)> RunAsync(string[] words, CancellationToken cancellation)
    {
        var writes = _sandbox?.NonGetCount;
        string[] placed = [.. words.Skip(1).Select(Place)];
        var (code, text) = _variables is null
            ? await RunHereAsync(placed, cancellation)
            : await TestedProgram.RunAsync(_folder, _variables, placed, cancellation);
        if (words[1] is "plan" or "report" or "vendors")
            Assert.Equal(writes, _sandbox?.NonGetCount);
        _lastDigest = HeldDigest().Matches(text).LastOrDefault()?.Groups["digest"].Value ?? _lastDigest;
        return (code, text);
    }

    private async Task<(int Code, string Text)> RunHereAsync(string[] words, CancellationToken cancellation)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = Variable,
            Clock = _clock,
            Folder = _folder,
        };
        var code = await Cli.RunAsync(words, environment, cancellation);
        return (code, output.ToString());
    }

    // Whatever was applied whole leaves nothing to apply.
    private async Task NothingIsLeftAsync(string[] words, CancellationToken cancellation)
    {
        string[] applying = ["--plan", "--expect", "--approve"];
        string[] again =
        [
            words[0],
            "plan",
            .. words.Skip(2).Where((w, i) => w != "--yes" && !applying.Contains(w) && !applying.Contains(words[i + 1])),
            "--detailed-exitcode",
        ];
        var (code, text) = await RunAsync(again, cancellation);
        Assert.True(code == ExitCode.Done, $"{string.Join(' ', again)} found changes after apply:\n{text}");
    }

    private static string? Variable(string name) =>
        name.StartsWith("RECONCILER_", StringComparison.Ordinal) && name != "RECONCILER_UNSET" ? "golden-token" : null;

    // Those that the case's files and commands name, of those that a command finds set in this process.
    private static Dictionary<string, string> VariablesOf(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .SelectMany(f => VariableName().Matches(File.ReadAllText(f)).Select(m => m.Value))
            // The usual variable of `vendors check --against`, which no file names.
            .Append("RECONCILER_TOKEN")
            .Distinct(StringComparer.Ordinal)
            .Where(name => Variable(name) is not null)
            .ToDictionary(name => name, name => Variable(name)!, StringComparer.Ordinal);

    // {name} is where the sandbox has the connection of that name.
    // {digest} is the last one that was printed for a held plan.
    private string Place(string word) =>
        ConnectionName()
            .Replace(
                word,
                m => m.Groups["name"].Value == "digest" ? _lastDigest : _sandbox!.BaseUrl(m.Groups["name"].Value)
            );

    private string Neutral(string text)
    {
        // Where a word of a page may break it is one word all the same.
        var neutral = text.Replace("<wbr>", "", StringComparison.Ordinal);
        if (_sandbox is not null)
            neutral = neutral.Replace(_sandbox.Url.TrimEnd('/'), "http://sandbox", StringComparison.Ordinal);
        neutral = neutral.Replace(_folder, "/case", StringComparison.Ordinal);
        neutral = neutral.Replace(
            $"by {Environment.UserName} on {Environment.MachineName}, {ServiceOrigin.Program}",
            "by USER on HOST, reconciler VERSION",
            StringComparison.Ordinal
        );
        neutral = neutral.Replace(ServiceOrigin.Program, "reconciler VERSION", StringComparison.Ordinal);
        neutral = Named(Named(neutral, "actor", Environment.UserName, "USER"), "host", Environment.MachineName, "HOST");
        neutral = PageOrigin().Replace(neutral, "USER on HOST");
        // The page's own parts are read where they are written; a change of theirs must not hide one of the data.
        neutral = OwnPart().Replace(neutral, m => $"<{m.Groups["name"].Value}>…</{m.Groups["name"].Value}>");
        neutral = RequestId().Replace(neutral, "(request …");
        return Digest()
            .Replace(PartHash().Replace(neutral, "'sha256-…'"), "sha256:…")
            .Replace("\r", "␍", StringComparison.Ordinal);
    }

    private static string Named(string text, string field, string value, string neutral) =>
        text.Replace($"\"{field}\": \"{value}\"", $"\"{field}\": \"{neutral}\"", StringComparison.Ordinal)
            .Replace($"\"{field}\":\"{value}\"", $"\"{field}\":\"{neutral}\"", StringComparison.Ordinal);

    [GeneratedRegex("(?<=<dt>Made by</dt><dd>).*?(?=</dd>)", RegexOptions.None, 60_000)]
    private static partial Regex PageOrigin();

    [GeneratedRegex("RECONCILER_[A-Z0-9_]+", RegexOptions.None, 60_000)]
    private static partial Regex VariableName();

    [GeneratedRegex(@"\{(?<name>[a-z0-9-]+)\}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex ConnectionName();

    [GeneratedRegex(
        "<(?<name>style|script)>.*?</\\k<name>>",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        60_000
    )]
    private static partial Regex OwnPart();

    [GeneratedRegex("'sha256-[0-9A-Za-z+/=]{44}'", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex PartHash();

    [GeneratedRegex("\\(request [0-9a-f-]{36}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex RequestId();

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Digest();

    [GeneratedRegex(
        "^  release it once with: .* --approve (?<digest>hold:sha256:[0-9a-f]{64})",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        60_000
    )]
    private static partial Regex HeldDigest();
}
