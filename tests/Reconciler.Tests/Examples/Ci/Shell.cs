using System.Diagnostics;
using Reconciler.Testing.Crashes;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>Runs a script as a runner of a CI system does: in a shell of its own that knows what it is given.</summary>
internal static class Shell
{
    private static readonly string[] Needed = ["bash", "curl", "jq", "git", "tar", "sha256sum"];

    /// <summary>Skips a test where the shell's tools are missing, which the runners of both systems have.</summary>
    public static void SkipUnlessThere()
    {
        var missing = OperatingSystem.IsWindows() ? Needed : [.. Needed.Where(n => Find(n) is null)];
        Assert.SkipUnless(missing.Length == 0, $"Install {string.Join(", ", missing)} to run the workflows' shell.");
    }

    /// <summary>Runs a script with the words of a shell before it.</summary>
    /// <returns>The exit code, and both outputs in the order in which they were written.</returns>
    public static async Task<(int Code, string Log)> RunAsync(
        IReadOnlyList<string> shell,
        string script,
        string folder,
        IReadOnlyDictionary<string, string> variables
    )
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
            string[] words = ["-c", "exec \"$0\" \"$@\" 2>&1", .. shell, file];
            var start = new ProcessStartInfo("/bin/sh", words)
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
            };
            start.Environment.Clear();
            foreach (var name in (string[])["PATH", "TMPDIR", "DOTNET_ROOT"])
                start.Environment[name] = Environment.GetEnvironmentVariable(name);
            foreach (var (name, value) in BuiltInSettings.Variables.Concat(variables))
                start.Environment[name] = value;
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var log = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, log);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string? Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(f => Path.Combine(f, tool))
            .FirstOrDefault(File.Exists);
}
