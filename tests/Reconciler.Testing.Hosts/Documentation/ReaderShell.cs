using System.Diagnostics;
using System.Text.RegularExpressions;
using Reconciler.Testing.Crashes;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Hosts.Crashes;

namespace Reconciler.Testing.Hosts.Documentation;

/// <summary>
/// A reader at a shell, who types the commands of a page in a folder that has the repository's examples. The program is
/// the built one.
/// </summary>
public sealed partial class ReaderShell : IDisposable
{
    private const string DocumentedPort = "8765";
    private const string Sandbox = "reconciler sandbox ";
    private const string Export = "export ";

    // The reader has the vendors and can answer yes; the test has the sandbox and cannot.
    private const string Wrapper = """
        #!/bin/sh
        case "$1 $*" in
          *" --base-url "*) ;;
          plan\ * | apply\ * | import\ * | offboard\ *) set -- "$@" $READER_URLS ;;
          report\ * | explain\ * | invitations\ *) set -- "$@" $READER_URLS ;;
        esac
        case "$1 $2 $* " in
          *" --yes "* | *" -y "* | *" --dry-run "* | *" --format json "*) ;;
          apply\ * | offboard\ * | state\ adopt\ * | state\ abandon\ * | state\ erase\ *) set -- "$@" --yes ;;
          invitations\ accept\ * | invitations\ decline\ *) set -- "$@" --yes ;;
        esac
        exec "$READER_PROGRAM" "$@"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly DocumentFolder _folder = new();
    private readonly List<ProgramProcess> _background = [];
    private string _port = DocumentedPort;
    private string? _head;
    private string? _hold;

    public ReaderShell()
    {
        foreach (var folder in (string[])["examples", "schemas", "charts", "vendors"])
            Folders.Copy(Repository.At(folder), Path.Combine(Folder, folder));
        var bin = Directory.CreateDirectory(Path.Combine(Folder, ".bin")).FullName;
        var wrapper = Path.Combine(bin, "reconciler");
        File.WriteAllText(wrapper, Wrapper);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Variables["READER_PROGRAM"] = TestedProgram.Path;
        Variables["READER_URLS"] = "";
        Variables["PATH"] = $"{bin}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
    }

    /// <summary>Where the reader is.</summary>
    public string Folder => _folder.Path;

    /// <summary>What the reader's shell has set.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>Words of pages that are others in the test, such as a port or a folder.</summary>
    public List<(string Page, string Here)> Words { get; } = [];

    /// <summary>Says where the connections are, as a reader's manifests do.</summary>
    public void Connect(IEnumerable<(string Connection, string Url)> urls) =>
        Variables["READER_URLS"] = string.Join(' ', urls.Select(u => $"--base-url {u.Connection}={u.Url}"));

    /// <summary>Makes a folder of an example the reader's own.</summary>
    public void CopyExample(string example, string folder) =>
        Folders.Copy(Repository.At(example), Path.Combine(Folder, folder));

    /// <summary>Does what a page says from its first block to its last, and compares what it shows.</summary>
    /// <returns>The commands that were played.</returns>
    public async Task<IReadOnlyList<DocumentedCommand>> PlayAsync(MarkdownPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        var played = new List<DocumentedCommand>();
        // A reader reads on before they type: a file may be shown below the command that uses it.
        foreach (var block in page.Blocks.Reverse().Where(b => b.Language == "yaml" && DocumentFolder.IsNamed(b)))
            _folder.Write(block);
        foreach (var block in page.Blocks)
        {
            if (block.Language == "yaml" && DocumentFolder.IsNamed(block))
                _folder.Write(block);
            foreach (var command in page.CommandsOf(block).Where(c => PageRegister.IsPlayed(page.Path, c)))
            {
                await PlayAsync(command);
                played.Add(command);
            }
        }

        return played;
    }

    /// <summary>Types one command, which must end as the page says.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> PlayAsync(DocumentedCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Line.StartsWith(Sandbox, StringComparison.Ordinal))
        {
            await StartSandboxAsync(command.Line);
            return "";
        }

        var (code, said) = await TypeAsync(command.Line);
        Assert.True(code == command.Code, $"{command.Place}: {command.Line}\nexits with {code}\n{said}");
        if (command.Output is { } shown && ShownOutput.Difference(Neutral(shown), Neutral(said)) is { } difference)
            Assert.Fail($"{command.Place}: {difference}");
        return said;
    }

    /// <summary>Types a line.</summary>
    public async Task<(int Code, string Said)> TypeAsync(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line.StartsWith(Export, StringComparison.Ordinal) && line.EndsWith('…'))
        {
            Variables[line[Export.Length..].Split('=')[0]] = "anything";
            return (0, "");
        }

        var start = new ProcessStartInfo("bash", ["-c", $"set -o pipefail\n{{ {Here(line)}\n}} 2>&1"])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in BuiltInSettings.Variables.Concat(Variables))
            start.Environment[name] = value;
        using var shell = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        try
        {
            await shell.StandardInput.WriteLineAsync("anything".AsMemory(), cancellation);
            shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // Most commands end without reading their input.
        }

        var reading = shell.StandardOutput.ReadToEndAsync(cancellation);
        try
        {
            await reading.WaitAsync(Patience, cancellation);
            await shell.WaitForExitAsync(cancellation).WaitAsync(Patience, cancellation);
        }
        catch (TimeoutException)
        {
            shell.Kill(entireProcessTree: true);
            Assert.Fail($"{line}\ndoes not end by itself; it said\n{await reading}");
        }

        var said = await reading;
        _head = Head().Matches(said).LastOrDefault()?.Value ?? _head;
        _hold = Hold().Matches(said).LastOrDefault()?.Value ?? _hold;
        return (shell.ExitCode, said);
    }

    public void Dispose()
    {
        _background.ForEach(p => p.Dispose());
        _folder.Dispose();
    }

    private async Task StartSandboxAsync(string line)
    {
        var words = CommandLines.WordsOf(line.Replace("&", "", StringComparison.Ordinal));
        var process = ProgramProcess.Start(Folder, "", [.. words.TakeWhile(w => w != "--port"), "--port", "0"]);
        _background.Add(process);
        await process.UntilAsync(Eventually.Async(() => Port().IsMatch(process.Said)));
        _port = Port().Match(process.Said).Value;
    }

    private string Here(string line)
    {
        foreach (var (page, here) in Words)
            line = line.Replace(page, here, StringComparison.Ordinal);
        line = line.Replace(DocumentedPort, _port, StringComparison.Ordinal);
        line = _hold is null ? line : AnyHold().Replace(line, _hold);
        return _head is null ? line : AnyHead().Replace(line, _head);
    }

    // Digests, ports and times are another run's, and the test's own options are nobody else's.
    private string Neutral(string text) =>
        Time()
            .Replace(
                BaseUrl().Replace(Digest().Replace(text.Replace(Folder, "", StringComparison.Ordinal), "sha256:…"), ""),
                "TIME"
            );

    [GeneratedRegex(@"(?<=http://127\.0\.0\.1:)\d+", RegexOptions.None, 60_000)]
    private static partial Regex Port();

    [GeneratedRegex("(?<=Audit head )sha256:[0-9a-f]{64}", RegexOptions.None, 60_000)]
    private static partial Regex Head();

    [GeneratedRegex("hold:sha256:[0-9a-f]{64}", RegexOptions.None, 60_000)]
    private static partial Regex Hold();

    [GeneratedRegex("hold:sha256:(?:[0-9a-f]{64}|…)", RegexOptions.None, 60_000)]
    private static partial Regex AnyHold();

    [GeneratedRegex("(?<!hold:)sha256:(?:[0-9a-f]{64}|…)", RegexOptions.None, 60_000)]
    private static partial Regex AnyHead();

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.None, 60_000)]
    private static partial Regex Digest();

    [GeneratedRegex(@" --base-url [^ \n]+", RegexOptions.None, 60_000)]
    private static partial Regex BaseUrl();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?: UTC|Z)", RegexOptions.None, 60_000)]
    private static partial Regex Time();
}
