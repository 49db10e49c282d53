using System.CommandLine;
using Reconciler.Core.Manifests;
using Reconciler.Manifests.Files;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Reports;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Described;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Verbs;

/// <summary><c>sandbox</c>: runs the imitated vendors in a terminal, to try Reconciler without an account.</summary>
internal static class SandboxVerb
{
    private const int LargestSeed = 64 * 1024 * 1024;

    public static Command Create(CliEnvironment environment)
    {
        var port = new Option<int>("--port")
        {
            Description = "The port on 127.0.0.1; 0 takes a free one",
            DefaultValueFactory = _ => 8765,
        };
        var seed = new Option<string?>("--seed")
        {
            Description = "A YAML file with the vendors' projects, members and invitations",
        };
        seed.Required = true;
        var vendors = new VendorOptions();
        var command = new Command("sandbox", "Run imitations of the vendors' APIs on this machine until Ctrl-C");
        command.Options.Add(port);
        command.Options.Add(seed);
        foreach (var option in vendors.All)
            command.Options.Add(option);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var problems = new Problems();
                var request = vendors.Read(parsed, environment.Folder);
                var described = new ImitatedVendors(
                    VendorFolder.Read(request, ManifestLoaders.Vendors, problems),
                    ManifestLoaders.Vendors
                );
                ProblemReport.Write(
                    environment.Error,
                    environment.Palette(noColour: false),
                    problems.Sorted,
                    verbose: true,
                    "the sandbox was not started"
                );
                return problems.HasErrors
                    ? Task.FromResult(ExitCode.Problems)
                    : RunAsync(environment, parsed.GetValue(seed)!, parsed.GetValue(port), described, cancellation);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CliEnvironment environment,
        string seed,
        int port,
        ImitatedVendors described,
        CancellationToken cancellation
    )
    {
        SandboxServer server;
        try
        {
            var options = new SandboxOptions
            {
                Seed = SandboxSeed.Parse(SeedText(environment, seed)),
                Port = port,
                Described = described,
                Clock = environment.Clock,
            };
            server = await SandboxServer.StartAsync(options, cancellation);
        }
        catch (Exception refused) when (refused is SandboxException or IOException or UnauthorizedAccessException)
        {
            var where = refused is SandboxException { IsAboutDefinition: true } ? "" : $"{seed}: ";
            foreach (var problem in refused.Message.Split('\n'))
                ProblemReport.WriteError(environment.Error, environment.Palette(noColour: false), where + problem);
            return ExitCode.Failed;
        }

        await using (server)
        {
            await DescribeAsync(environment, server);
            await UntilAsync(cancellation);
        }

        return ExitCode.Done;
    }

    private static string SeedText(CliEnvironment environment, string seed)
    {
        var content = UserFile.ReadNamed(
            Path.GetFullPath(seed, Path.GetFullPath(environment.Folder)),
            LargestSeed,
            environment.Clock
        );
        using var text = new StreamReader(new MemoryStream(content));
        return text.ReadToEnd();
    }

    private static async Task DescribeAsync(CliEnvironment environment, SandboxServer server)
    {
        await environment.Out.WriteLineAsync($"The sandbox runs at {server.Url}; Ctrl-C stops it. Use it with:");
        foreach (var connection in server.Connections)
            await environment.Out.WriteLineAsync($"  --base-url {connection.Name}={server.BaseUrl(connection.Name)}");
        await environment.Out.WriteLineAsync(
            $"See and change its state at {server.Url.TrimEnd('/')}/_sandbox; docs/sandbox.md lists the calls"
        );
    }

    private static async Task UntilAsync(CancellationToken cancellation)
    {
        var stopped = new TaskCompletionSource();
        await using (cancellation.Register(stopped.SetResult))
            await stopped.Task;
    }
}
