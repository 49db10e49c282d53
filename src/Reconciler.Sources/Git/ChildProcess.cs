using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using CliWrap;
using Reconciler.Manifests;

namespace Reconciler.Sources.Git;

/// <summary>What a program left behind.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Errors">The end of what it wrote to its error output.</param>
internal sealed record Ended(int Code, string Errors)
{
    /// <summary>Whether it did what it was told.</summary>
    public bool IsGood => Code == 0;
}

/// <summary>
/// A program that is run in an environment of its own, of which nothing is left once the call is over.
/// </summary>
/// <param name="program">Its name, found on the PATH.</param>
/// <param name="environment">All of its environment: nothing of ours gets there by itself.</param>
internal sealed class ChildProcess(string program, IReadOnlyDictionary<string, string> environment)
{
    private const int MostErrors = 64 * 1024;
    private const int MostOutput = 64 * 1024 * 1024;

    /// <summary>Runs it and returns what it wrote.</summary>
    /// <param name="words">Its arguments.</param>
    /// <param name="cancellation">Kills it, and all that it started.</param>
    /// <param name="input">What it is given to read.</param>
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

    /// <summary>Runs it, with its output going to a reader. A reader that fails ends it.</summary>
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

    // The end says what went wrong; servers may send any amount before it.
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
