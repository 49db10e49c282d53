using System.Diagnostics;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>
/// helm and kubectl, which lie in the folder that <c>KUBEBUILDER_ASSETS</c> names beside the API server.
/// </summary>
internal static class KubeTools
{
    /// <summary>Runs helm; its output, or what it says against the command.</summary>
    public static Task<ToolResult> HelmAsync(params IEnumerable<string> words) => RunAsync("helm", null, words);

    /// <summary>Runs kubectl with something on its input.</summary>
    public static Task<ToolResult> KubectlAsync(string input, params IEnumerable<string> words) =>
        RunAsync("kubectl", input, words);

    /// <summary>Runs a command line in a shell that finds kubectl.</summary>
    /// <param name="command">The command line, quoted for a shell.</param>
    /// <param name="environment">Further variables.</param>
    public static Task<ToolResult> ShellAsync(string command, IReadOnlyDictionary<string, string> environment)
    {
        var start = StartOf("/bin/sh", ["-c", command]);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["PATH"] =
            $"{Path.GetDirectoryName(Find("kubectl"))}:{Environment.GetEnvironmentVariable("PATH")}";
        return RunAsync(start, "");
    }

    /// <summary>Skips the test where one of the programs is missing.</summary>
    public static string Find(string program)
    {
        var folder = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS");
        if (string.IsNullOrEmpty(folder))
            Assert.Skip(
                $"Set KUBEBUILDER_ASSETS to a folder with kube-apiserver, etcd, kubectl and helm to run this test: it needs {program}."
            );
        var path = Path.Combine(folder!, program);
        Assert.SkipUnless(
            File.Exists(path),
            $"The folder of KUBEBUILDER_ASSETS has no {program}, which this test needs."
        );
        return path;
    }

    private static Task<ToolResult> RunAsync(string program, string? input, IEnumerable<string> words) =>
        RunAsync(StartOf(Find(program), words), input);

    private static ProcessStartInfo StartOf(string path, IEnumerable<string> words) =>
        new(path, words)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    private static async Task<ToolResult> RunAsync(ProcessStartInfo start, string? input)
    {
        using var process = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        var (output, error) = (
            process.StandardOutput.ReadToEndAsync(cancellation),
            process.StandardError.ReadToEndAsync(cancellation)
        );
        try
        {
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input; its own error output says why.
        }

        await process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromMinutes(2), cancellation);
        return new(process.ExitCode, await output, await error);
    }
}

/// <summary>How a program ended.</summary>
internal sealed record ToolResult(int Code, string Output, string Error)
{
    /// <summary>The output of a program that ended well.</summary>
    public string Succeeded()
    {
        Assert.True(Code == 0, $"exit {Code}\n{Error}\n{Output}");
        return Output;
    }
}
