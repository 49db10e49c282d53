using Reconciler.Hosting;
using Reconciler.Manifests.Files;
using Reconciler.Manifests.Yaml;
using Reconciler.Testing;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

/// <summary>
/// Files that are none: pipes, devices, sockets and folders where a file is meant, named by hand, found by a walk, or
/// named in a document.
/// </summary>
public sealed class OddFilesTests : IDisposable
{
    private const string Team =
        "apiVersion: reconciler.dev/v1alpha1\nkind: Team\nmetadata: {name: a}\nspec: {members: [{email: ana@example.com}]}\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-odd-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_pipe_that_is_named_on_the_command_line_is_read()
    {
        using var pipe = new NamedPipe(At("pipe"));
        var writing = pipe.WriteAsync(Team);
        var (code, output) = await RunAsync("validate", "pipe");
        await writing;
        Assert.Equal((ExitCode.Done, "Valid: 1 document, 0 projects, 0 people.\n"), (code, output));
    }

    [Fact]
    public async Task A_pipe_that_holds_too_much_is_refused()
    {
        using var pipe = new NamedPipe(At("pipe"));
        var writing = pipe.WriteAsync(new string('#', YamlLimits.Bytes + 1));
        var (code, output) = await RunAsync("validate", "pipe");
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains(
            "error: pipe: is longer than 8 MiB; expected several smaller files",
            output,
            StringComparison.Ordinal
        );
        await Record.ExceptionAsync(() => writing);
    }

    [Fact]
    public async Task A_pipe_into_which_nobody_writes_ends_with_a_deadline()
    {
        var clock = new FakeClock();
        using var pipe = new NamedPipe(At("pipe"));
        var running = Task.Run(() => RunAsync(e => e with { Clock = clock }, "validate", "pipe"), Cancellation);
        await clock.SomebodyWaits(UserFile.Deadline).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        clock.Advance(UserFile.Deadline);
        var (code, output) = await running;
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains(
            "error: pipe: has no end within 60 s; expected a pipe that is closed once all is written",
            output,
            StringComparison.Ordinal
        );
        // Writing to the pipe and closing it ends the read that was left behind.
        await pipe.WriteAsync("");
    }

    [Theory]
    [InlineData("validate /dev/zero")]
    [InlineData("plan /dev/null")]
    [InlineData("plan . --guardrails /dev/zero")]
    [InlineData("plan . --connections /dev/zero")]
    [InlineData("plan . --baseline /dev/zero")]
    public async Task A_device_is_refused_unopened(string line)
    {
        await WriteAsync("a.yaml", Team);
        var (code, output) = await RunAsync(line.Split(' '));
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains("is a device; expected a file, a folder or a pipe", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m/a.yaml", "m/a.yaml: is a pipe; expected a file")]
    [InlineData("m/.reconcilerignore", "m/.reconcilerignore: is a pipe; expected a file")]
    public async Task A_pipe_in_a_folder_is_refused_unopened(string name, string expected)
    {
        await WriteAsync("m/b.yaml", Team);
        using var pipe = new NamedPipe(At(name));
        var (code, output) = await RunAsync("validate", "m");
        Assert.Equal(ExitCode.Problems, code);
        Assert.Equal($"error: {expected}\n1 problem; nothing was planned.\n", output);
    }

    [Fact]
    public async Task A_socket_in_a_folder_is_refused_unopened()
    {
        await WriteAsync("m/b.yaml", Team);
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified
        );
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(At("m/a.yaml")));
        var (code, output) = await RunAsync("validate", "m");
        Assert.Equal(
            (ExitCode.Problems, "error: m/a.yaml: is a socket; expected a file\n1 problem; nothing was planned.\n"),
            (code, output)
        );
    }

    [Theory]
    [InlineData("sandbox --seed /dev/zero", "it is a device")]
    [InlineData("sandbox --seed m", "it is a folder")]
    public async Task A_seed_that_is_no_file_is_refused(string line, string expected)
    {
        _folder.CreateSubdirectory("m");
        var (code, output) = await RunAsync(line.Split(' '));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_a_worker_and_the_files_they_name_are_regular_files()
    {
        using var pipe = new NamedPipe(At("pipe"));
        var (code, output) = await RunAsync("worker", "--config", "pipe", "--check");
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains("pipe: is a pipe; expected a file", output, StringComparison.Ordinal);
        Assert.Contains("1 problem", output, StringComparison.Ordinal);
        var (named, said) = await RunAsync(
            "worker",
            "--git",
            "https://git.example/a.git",
            "--set",
            "source.git.tokenFile=pipe",
            "--set",
            "guardrails=/dev/zero",
            "--check"
        );
        Assert.Equal(ExitCode.Problems, named);
        Assert.Contains("which is a pipe; expected a file", said, StringComparison.Ordinal);
        Assert.Contains("which is a device; expected a file or a folder", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan people --state pipe", "a pipe")]
    [InlineData("apply people --yes --state pipe", "a pipe")]
    [InlineData("apply people --yes --state /dev/null", "a device")]
    [InlineData("state show --state pipe", "a pipe")]
    [InlineData("state show --state /dev/zero", "a device")]
    [InlineData("state confirm --state pipe", "a pipe")]
    public async Task A_state_that_is_no_file_is_refused_unopened(string line, string kind)
    {
        await WriteAsync("people/a.yaml", Team);
        using var pipe = new NamedPipe(At("pipe"));
        var (code, output) = await RunAsync(line.Split(' '));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains($"is {kind}; name a file with --state", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan people --no-state --out people/a.yaml", "it is one of the manifests; name another file")]
    [InlineData("plan people/a.yaml --no-state --out people/a.yaml", "it is one of the manifests; name another file")]
    [InlineData("report people --no-state --out people/a.yaml", "it is one of the manifests; name another file")]
    [InlineData("plan people --state s.db --out s.db", "it is the state file, or belongs to it; name another file")]
    [InlineData(
        "report people --state s.db --out s.db-wal",
        "it is the state file, or belongs to it; name another file"
    )]
    public async Task What_a_run_reads_is_not_overwritten_by_what_it_writes(string line, string why)
    {
        await WriteAsync("people/a.yaml", Team);
        var (code, output) = await RunAsync(line.Split(' '));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains($"cannot be written: {why}", output, StringComparison.Ordinal);
        Assert.Equal(Team, await File.ReadAllTextAsync(At("people/a.yaml"), Cancellation));
    }

    [Fact]
    public async Task A_file_in_shared_memory_is_a_file()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no /dev/shm here.");
        await WriteAsync("people/a.yaml", Team);
        var name = $"/dev/shm/reconciler-{Guid.NewGuid():N}.json";
        try
        {
            var (code, output) = await RunAsync("plan", "people", "--no-state", "--out", name);
            Assert.True(code == ExitCode.Done && File.Exists(name), output);
        }
        finally
        {
            File.Delete(name);
        }
    }

    [Fact]
    public void A_file_with_a_token_is_never_a_pipe_or_a_device()
    {
        using var pipe = new NamedPipe(At("token"));
        File.CreateSymbolicLink(At("zero"), "/dev/zero");
        Assert.Equal(
            "is a pipe; expected a file",
            Assert.Throws<UnfitFileException>(() => UserFile.ReadRegular(At("token"), 10)).What
        );
        Assert.Equal(
            "is a device; expected a file",
            Assert.Throws<UnfitFileException>(() => UserFile.ReadRegular(At("zero"), 10)).What
        );
        var reader = new TokenReader(_ => null, _folder.FullName, []);
        Assert.Equal(
            "the file token below --secrets-dir is a pipe; expected a file",
            Assert.ThrowsAny<Exception>(() => reader.File("token")).Message
        );
    }

    [Theory]
    [InlineData("m", "it is a folder; expected the name of a file")]
    [InlineData("/dev/full", "it is a device; expected the name of a file")]
    [InlineData("none/plan.json", "its folder does not exist")]
    public async Task A_file_to_write_that_cannot_be_one_is_a_sentence(string name, string why)
    {
        _folder.CreateSubdirectory("m");
        await WriteAsync("people/a.yaml", Team);
        foreach (var verb in new[] { "plan", "report" })
        {
            var (code, output) = await RunAsync(verb, "people", "--out", name);
            Assert.Equal(ExitCode.Failed, code);
            Assert.Contains($"error: {name} cannot be written: {why}\n", output, StringComparison.Ordinal);
            Assert.DoesNotContain("not foreseen", output, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(At("m")));
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private async Task WriteAsync(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        await File.WriteAllTextAsync(At(name), text, Cancellation);
    }

    private Task<(int Code, string Output)> RunAsync(params string[] words) => RunAsync(e => e, words);

    private async Task<(int Code, string Output)> RunAsync(
        Func<CliEnvironment, CliEnvironment> change,
        params string[] words
    )
    {
        using var output = new StringWriter { NewLine = "\n" };
        var code = await Cli.RunAsync(
            words,
            change(CommandLines.Environment(output) with { Folder = _folder.FullName }),
            Cancellation
        );
        return (code, output.ToString());
    }
}
