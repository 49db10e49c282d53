using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Resolving;
using Reconciler.Manifests.Loading;
using Reconciler.Providers;

namespace Reconciler.Benchmarks;

/// <summary>
/// The pieces of a plan by themselves, each for 100 projects of 100 members: reading and binding manifests, resolving
/// them, comparing, and turning a vendor's answers into members.
/// </summary>
[MemoryDiagnoser]
public class Pieces
{
    /// <summary>How many projects each piece handles.</summary>
    public const int Projects = 100;

    private readonly IReadOnlyList<string> _texts = Sample.Texts(Projects);
    private readonly ManifestSet _manifests;
    private readonly DesiredState _state;

    // Of the one vendor that is both in code and described. Each project has the members that are declared.
    private readonly DesiredState _mapped;
    private readonly ImmutableArray<LiveProject> _live;
    private readonly IProjectReader _reader;
    private readonly IProjectReader _described;

    public Pieces()
    {
        _manifests = Sample.Read(_texts);
        _state = Resolver.Resolve(_manifests, Sample.Rules, new Problems());
        _mapped = Resolver.Resolve(
            Sample.Read(Sample.Texts(Projects, "confident-ai-eu", step: 0)),
            Sample.Rules,
            new Problems()
        );
        _live = [.. _state.Projects.Select(Sample.Live)];
        var vendor = new CannedVendor(Page(Sample.MembersEach));
        _reader = Reader(ProviderCatalog.Find("confident-ai")!.Vendor);
        _described = Reader(Described());

        IProjectReader Reader(Vendor type) =>
            ProviderCatalog.Connect(type, new(vendor.BaseUrl, _ => ValueTask.FromResult("a-token"))).Reader;
    }

    public static void Run() =>
        BenchmarkRunner.Run<Pieces>(
            DefaultConfig
                .Instance.AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
                .WithOptions(ConfigOptions.DisableLogFile)
        );

    [Benchmark]
    public int Read() => Sample.Read(_texts).Count;

    [Benchmark]
    public int Resolve() => Resolver.Resolve(_manifests, Sample.Rules, new Problems()).Projects.Length;

    [Benchmark]
    public int Plan() =>
        _state
            .Projects.Select((p, i) => Planner.Plan(p, _live[i], ProjectLedger.None, Sample.Rules.Now).Actions.Length)
            .Sum();

    [Benchmark]
    public Task<int> Map() => MapAsync(_reader);

    [Benchmark]
    public Task<int> MapDescribed() => MapAsync(_described);

    private async Task<int> MapAsync(IProjectReader reader)
    {
        var members = 0;
        foreach (var project in _mapped.Projects)
            members += (await reader.ReadAsync(project, CancellationToken.None)).Members.Length;
        return members;
    }

    // The same vendor, as a definition describes it.
    private static Vendor Described() =>
        VendorFolder
            .Read(new([]) { Vendors = Path.Combine(AppContext.BaseDirectory, "confident-ai.yaml") }, [], new Problems())
            .Single();

    private static byte[] Page(int members)
    {
        var text = new StringBuilder();
        for (var i = 0; i < members; i++)
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""
                {{(i == 0 ? "" : ",")}}{"id":"u-{{i}}","email":"p{{i}}@example.com","name":"P {{i}}",
                "projectRole":{"id":"r-1","name":"Member"} }
                """
            );
        return Encoding.UTF8.GetBytes($$"""{"success":true,"data":{"total":{{members}},"members":[{{text}}]} }""");
    }
}
