using System.Diagnostics;

namespace Reconciler.Testing.Sources.Git;

/// <summary>Git in a folder with a work tree, whatever whoever runs the test has configured.</summary>
public static class GitWorkTree
{
    /// <summary>Runs git in the folder; it must succeed.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(string folder, params string[] words)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        using var git = Process.Start(start)!;
        var errors = git.StandardError.ReadToEndAsync();
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', words)}: {errors.Result}");
        return output;
    }
}
