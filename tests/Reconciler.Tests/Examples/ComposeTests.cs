using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.Sources;
using Reconciler.Worker.Settings;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Tests.Examples;

/// <summary>
/// <c>examples/compose</c>: what Compose mounts is what the settings name, nothing can be written but the state, and
/// the story is true.
/// </summary>
public sealed class ComposeTests
{
    private const string Folder = "examples/compose";
    private const string Connection = "confident-ai-demo";

    private static YamlMappingNode Compose { get; } = Load();

    public static TheoryData<string> Services => [.. CiWorkflow.Map(Compose["services"]).Select(s => s.Key)];

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_can_write_nothing_but_its_volumes_and_has_no_right_that_it_does_not_need(string name)
    {
        var service = Service(name);

        Assert.Equal("true", Text(service["read_only"]));
        Assert.Equal("/tmp:mode=1777,size=64m", Text(service["tmpfs"]));
        Assert.Equal("ALL", Text(service["cap_drop"]));
        Assert.Equal("no-new-privileges:true", Text(service["security_opt"]));
        Assert.All(
            Items(service, "volumes"),
            v => Assert.True(v.EndsWith(":ro", StringComparison.Ordinal) || v == "state:/var/lib/reconciler", v)
        );
        // Whatever is shown is shown to this machine alone.
        Assert.All(Items(service, "ports"), p => Assert.StartsWith("127.0.0.1:", p, StringComparison.Ordinal));
        Assert.DoesNotContain(
            service.Children.Keys,
            k => Text(k) is "privileged" or "user" or "env_file" or "environment"
        );
    }

    [Fact]
    public void What_is_mounted_exists_and_is_what_the_settings_name()
    {
        var settings = WorkerFiles.Read($"{Folder}/worker.yaml");
        var mounts = Items(Service("worker"), "volumes")
            .Concat(Items(Service("sandbox"), "volumes"))
            .Select(v => v.Split(':'))
            .ToDictionary(v => v[1], v => v[0], StringComparer.Ordinal);

        Assert.All(
            mounts.Where(m => m.Value != "state"),
            m => Assert.True(Path.Exists(Repository.At($"{Folder}/{m.Value}")), m.Value)
        );
        Assert.Contains("/etc/reconciler/worker.yaml", mounts.Keys);
        Assert.Contains(settings.Source.Folder!.Path, mounts.Keys);
        Assert.Equal("/var/lib/reconciler", Path.GetDirectoryName(settings.State));
        Assert.Equal("/run/secrets", settings.SecretsDir);
        Assert.Equal(["confident-ai-token"], Items(Service("worker"), "secrets"));
        Assert.True(File.Exists(Repository.At($"{Folder}/{Text(Compose["secrets"]["confident-ai-token"]["file"])}")));
        Assert.Contains("state", CiWorkflow.Map(Compose["volumes"]).Select(v => v.Key));
    }

    [Fact]
    public void The_worker_reaches_the_imitated_vendor_and_this_machine_reaches_the_worker()
    {
        var settings = WorkerFiles.Read($"{Folder}/worker.yaml");
        var command = ((YamlSequenceNode)Service("sandbox")["command"]).Select(Text).ToList();

        Assert.Equal("service:sandbox", Text(Service("worker")["network_mode"]));
        Assert.Equal(
            $"http://127.0.0.1:{command[command.IndexOf("--port") + 1]}/{Connection}",
            settings.BaseUrls![Connection]
        );
        Assert.Equal("0.0.0.0:8080", settings.Operations!.Listen);
        Assert.Equal(["127.0.0.1:8080:8080"], Items(Service("sandbox"), "ports"));
        Assert.Equal([], CommandLines.ErrorsOf($"reconciler {string.Join(' ', command)}"));
        var check = ((YamlSequenceNode)Service("sandbox")["healthcheck"]["test"]).Select(Text).ToList();
        Assert.Equal("CMD", check[0]);
        Assert.Equal([], CommandLines.ErrorsOf(string.Join(' ', check.Skip(1))));
        // A worker is given more time than the program takes for itself.
        Assert.Equal("35s", Text(Service("worker")["stop_grace_period"]));
    }

    [Fact]
    public async Task What_it_declares_is_applied_to_what_the_imitated_vendor_holds()
    {
        var seed = await File.ReadAllTextAsync(
            Repository.At($"{Folder}/seed.yaml"),
            TestContext.Current.CancellationToken
        );
        await using var sandbox = await SandboxServer.StartAsync(
            new() { Seed = SandboxSeed.Parse(seed) },
            TestContext.Current.CancellationToken
        );
        using var folder = new Reconciler.Testing.Sources.TemporaryFolder();
        string[] all =
        [
            Repository.At($"{Folder}/manifests"),
            "--secrets-dir",
            Repository.At($"{Folder}/secrets"),
            "--base-url",
            $"{Connection}={sandbox.BaseUrl(Connection)}",
            "--state",
            folder["state.db"],
        ];

        var applied = await RunAsync(["apply", .. all, "--yes"]);
        var planned = await RunAsync(["plan", .. all, "--detailed-exitcode"]);

        Assert.True(applied.Code == ExitCode.Done, applied.Output);
        Assert.Contains(
            "Applied: 1 invited, 1 updated, 0 removed; 0 failed, 0 skipped.",
            applied.Output,
            StringComparison.Ordinal
        );
        Assert.True(planned.Code == ExitCode.Done, planned.Output);
    }

    private static async Task<(int Code, string Output)> RunAsync(string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var code = await Cli.RunAsync(words, CommandLines.Environment(output), TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    private static YamlMappingNode Service(string name) => (YamlMappingNode)Compose["services"][name];

    private static string Text(YamlNode node) => CiWorkflow.TextOf(node);

    private static IEnumerable<string> Items(YamlMappingNode service, string key) =>
        service.Children.TryGetValue(key, out var list) ? ((YamlSequenceNode)list).Select(Text) : [];

    private static YamlMappingNode Load()
    {
        var stream = new YamlStream();
        using var text = File.OpenText(Repository.At($"{Folder}/compose.yaml"));
        stream.Load(text);
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }
}
