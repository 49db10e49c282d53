using Reconciler.Sandbox;
using Reconciler.Verbs;

namespace Reconciler.Tests;

/// <summary>The demo's vendors, and the command line beside them.</summary>
internal static class DemoRun
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts the vendors.</summary>
    public static Task<SandboxServer> StartAsync() =>
        SandboxServer.StartAsync(DemoStory.Vendors(TimeProvider.System), Cancellation);

    /// <summary>Runs a command line in a folder.</summary>
    public static async Task<(int Code, string Text)> RunAsync(
        SandboxServer sandbox,
        string folder,
        params string[] words
    )
    {
        using var said = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = said,
            Error = said,
            In = TextReader.Null,
            Variable = _ => DemoStory.Token,
            Folder = folder,
        };
        string[] places =
        [
            .. DemoStory.Projects.SelectMany(p =>
                (string[])["--base-url", $"{p.Connection}={sandbox.BaseUrl(p.Connection)}"]
            ),
        ];
        var code = await Cli.RunAsync([.. words, .. places], environment, Cancellation);
        return (code, said.ToString());
    }
}
