using System.Diagnostics;
using Reconciler.Testing.Crashes;

namespace Reconciler.Testing.Hosts;

/// <summary>The build of the program that tests start as a process.</summary>
public static class TestedProgram
{
    /// <summary>Names another build than the one beside the tests: a native one, or a script that starts it.</summary>
    private const string Variable = "RECONCILER_TEST_PROGRAM";

    private static readonly string[] Passed = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT"];

    private static string? Named => Environment.GetEnvironmentVariable(Variable);

    /// <summary>The file to start.</summary>
    public static string Path =>
        Named
        ?? System.IO.Path.Combine(
            AppContext.BaseDirectory,
            OperatingSystem.IsWindows() ? "reconciler.exe" : "reconciler"
        );

    /// <summary>
    /// Skips a test that only adds something where the program is another build: of the one beside the tests, a test in
    /// this process says the same sooner. CI leaves such tests out by their trait, and runs them once with a native
    /// build.
    /// </summary>
    public static void SkipUnlessNamed() =>
        Assert.SkipUnless(
            Named is not null && !OperatingSystem.IsWindows(),
            $"Set {Variable} to a build of the program, such as a native one, to run this test."
        );

    /// <summary>Runs a command line as a process that knows the given variables and nothing else of this one.</summary>
    /// <returns>The exit code, and both outputs in the order in which they were written.</returns>
    public static async Task<(int Code, string Said)> RunAsync(
        string folder,
        IReadOnlyDictionary<string, string> variables,
        IEnumerable<string> words,
        CancellationToken cancellation
    )
    {
        // One pipe for both, as a terminal is one.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" 2>&1", Path, .. words])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        foreach (var name in Passed)
            start.Environment[name] = Environment.GetEnvironmentVariable(name);
        foreach (var (name, value) in BuiltInSettings.Variables.Concat(variables))
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, said);
    }
}
