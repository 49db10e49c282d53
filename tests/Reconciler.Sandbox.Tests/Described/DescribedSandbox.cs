using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;
using Reconciler.Sandbox.Described;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;

namespace Reconciler.Sandbox.Tests.Described;

/// <summary>A sandbox that imitates a vendor from a definition, and a client with a token.</summary>
internal sealed class DescribedSandbox : VendorSandbox
{
    public const string Token = "t0ken";

    // A list as the whole answer has no place for what says of its success.
    private static readonly string Forum = File.ReadAllText(
            Repository.At("tests/Reconciler.Tests/Golden/vendors/vendors/forum.yaml")
        )
        .Replace("path: /rooms, items: \"\"", "path: /rooms, items: /rooms", StringComparison.Ordinal);

    private DescribedSandbox(Serving serving, string connection)
        : base(serving, connection, "", null) { }

    /// <summary>Starts a sandbox; the client speaks to the first connection.</summary>
    /// <param name="seed">The seed, in YAML.</param>
    /// <param name="definitions">Definitions besides the catalogue and Forum.</param>
    public static async Task<DescribedSandbox> StartAsync(string seed, params string[] definitions)
    {
        var clock = new StandingClock(Start);
        var server = await SandboxServer.StartAsync(
            new()
            {
                Seed = SandboxSeed.Parse(seed),
                Described = Vendors([Forum, .. definitions]),
                Clock = clock,
            },
            TestContext.Current.CancellationToken
        );
        var sandbox = new DescribedSandbox(new(server, clock), server.Connections.First().Name);
        sandbox.Http.BaseAddress = new(server.BaseUrl(server.Connections.First().Name) + "/");
        return sandbox;
    }

    /// <summary>Sends a header with every request from now on.</summary>
    public DescribedSandbox With(string header, string value)
    {
        Http.DefaultRequestHeaders.Remove(header);
        Http.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        return this;
    }

    private static ImitatedVendors Vendors(IReadOnlyList<string> definitions)
    {
        var folder = Directory.CreateTempSubdirectory("described").FullName;
        try
        {
            for (var i = 0; i < definitions.Count; i++)
                File.WriteAllText(Path.Combine(folder, $"{i}.yaml"), definitions[i]);
            var problems = new Problems();
            var catalogue = VendorCatalogue.Beside(ImmutableArray<Vendor>.Empty);
            var vendors = VendorFolder.Read(new([]) { Vendors = folder }, catalogue, problems);
            Assert.Empty(problems.Sorted);
            return new(vendors, catalogue);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
