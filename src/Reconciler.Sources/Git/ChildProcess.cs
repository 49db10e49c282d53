using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using CliWrap;
using Reconciler.Manifests;

namespace Reconciler.Sources.Git;

/// <summary>The result of a program.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Errors">The end of what it wrote to its error output.</param>
internal sealed record Ended(int Code, string Errors)
{
    /// <summary>Whether it succeeded.</summary>
    public bool IsGood => Code == 0;
}

/// <summary>
/// Runs a program in an environment of its own, and ends it with all its children once the call is over.
/// </summary>
/// <param name="program">The name of the program, found on the PATH.</param>
/// <param name="environment">All of its environment variables: none of ours are inherited.</param>
internal sealed class ChildProcess(string program, IReadOnlyDictionary<string, string> environment)
{
    private const int MostErrors = 64 * 1024;
    private const int MostOutput = 64 * 1024 * 1024;

    /// <summary>Runs the program and returns its output.</summary>
    /// <param name="words">Its arguments.</param>
    /// <param name="cancellation">Kills the program and its children.</param>
    /// <param name="input">The text for its standard input.</param>
    public async Task<(Ended Ended, byte[] Output)> RunAsync(
        IEnumerable<string> words,
        CancellationToken cancellation,
        string input = ""
    )
    {
        using var output = new MemoryStream();
        var ended = await RunAsync(
            words,
            input,
            async (pipe, token) =>
            {
                var buffer = new byte[64 * 1024];
                for (
                    var read = await pipe.ReadAsync(buffer, token);
                    read > 0;
                    read = await pipe.ReadAsync(buffer, token)
                )
                {
                    if (output.Length + read > MostOutput)
                        throw new SourceException($"{program} answers without end");
                    output.Write(buffer, 0, read);
                }
            },
            cancellation
        );
        return (ended, output.ToArray());
    }

    /// <summary>
    /// Runs the program and passes its output to a reader. If the reader fails, the program is ended.
    /// </summary>
    public async Task<Ended> RunAsync(
        IEnumerable<string> words,
        string input,
        Func<Stream, CancellationToken, Task> read,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        var errors = "";
        var command = Cli.Wrap(program)
            .WithArguments(words)
            .WithWorkingDirectory("/")
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.FromString(input, Encoding.UTF8))
            .WithStandardOutputPipe(PipeTarget.Create(read))
            .WithStandardErrorPipe(PipeTarget.Create(async (pipe, token) => errors = await ErrorsAsync(pipe, token)));
        try
        {
            var result = await command.ExecuteAsync(Isolate, configureProcess: null, cancellation);
            return new(result.ExitCode, errors);
        }
        catch (Win32Exception missing)
        {
            var why = (missing.InnerException ?? missing).Message;
            throw new SourceException($"the program {program} could not be started: {why}; is it installed?", missing);
        }
    }

    private void Isolate(ProcessStartInfo start)
    {
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
    }

    // Only the end is kept, because it says what went wrong, and a server may send any amount before it.
    private static async Task<string> ErrorsAsync(Stream pipe, CancellationToken cancellation)
    {
        var kept = new MemoryStream();
        var buffer = new byte[4096];
        while (await pipe.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            kept.Write(buffer, 0, read);
            if (kept.Length < 2 * MostErrors)
                continue;
            var end = kept.ToArray()[^MostErrors..];
            kept.SetLength(0);
            kept.Write(end);
        }

        return Encoding.UTF8.GetString(kept.ToArray());
    }
}
