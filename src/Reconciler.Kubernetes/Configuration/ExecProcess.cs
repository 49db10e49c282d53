using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// Runs a program without a shell and without input, and reads its output, with limits of time and size.
/// </summary>
internal static class ExecProcess
{
    private const int MostBytes = 1024 * 1024;
    private const int ShownErrors = 500;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public static async Task<ReadOnlyMemory<byte>> RunAsync(
        ExecCommand command,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        using var process = Start(command);
        using var late = new CancellationTokenSource(Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            process.StandardInput.Close();
            var output = ReadAsync(process.StandardOutput.BaseStream, refuseMore: true, either.Token);
            var errors = ReadAsync(process.StandardError.BaseStream, refuseMore: false, either.Token);
            await output;
            await errors;
            await process.WaitForExitAsync(either.Token);
            if (process.ExitCode == 0)
                return await output;
            throw new ConfigurationException(
                $"{Named(command)} failed with exit code {process.ExitCode}: {Shown(await errors)}"
            );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ConfigurationException($"{Named(command)} did not end within {Deadline.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ExecCommand command)
    {
        var start = new ProcessStartInfo(command.File, command.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in command.Variables)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Exception failed) when (failed is Win32Exception or IOException)
        {
            var hint = command.InstallHint is { } text ? $" ({text.ReplaceLineEndings(" ")})" : "";
            throw new ConfigurationException($"{Named(command)} cannot be run: {failed.Message}{hint}", failed);
        }
    }

    // The error output is read to its end, beyond the part that is kept, since the program would otherwise block on a
    // full pipe.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(
        Stream stream,
        bool refuseMore,
        CancellationToken cancellation
    )
    {
        var buffer = new byte[4096];
        using var kept = new MemoryStream();
        while (await stream.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            if (kept.Length + read <= MostBytes)
                kept.Write(buffer, 0, read);
            else if (refuseMore)
                throw new ConfigurationException(
                    $"a program that should print credentials printed more than {MostBytes} bytes"
                );
        }

        return kept.ToArray();
    }

    private static string Named(ExecCommand command) => $"the program {command.File} of the user \"{command.User}\"";

    private static string Shown(ReadOnlyMemory<byte> errors)
    {
        var text = Encoding.UTF8.GetString(errors.Span).ReplaceLineEndings(" ").Trim();
        return text.Length <= ShownErrors ? text : text[..ShownErrors];
    }
}
