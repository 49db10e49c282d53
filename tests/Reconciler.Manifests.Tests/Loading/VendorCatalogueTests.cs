using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;
using Reconciler.Providers;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests.Loading;

/// <summary>The definitions that are part of the program.</summary>
public sealed class VendorCatalogueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Types => [.. VendorCatalogue.Types];

    private static VendorSet Known => ProgramVendors.All;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_program_has_every_file_of_the_folder()
    {
        var files = Directory.EnumerateFiles(Repository.At("vendors")).Select(f => Path.GetFileName(f));
        Assert.Equal(files.Order(StringComparer.Ordinal), VendorCatalogue.Types.Select(t => $"{t}.yaml"));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_definition_is_valid_and_has_the_name_of_its_file(string type)
    {
        var vendor = VendorCatalogue.Find(type);

        Assert.Equal(type, vendor!.Type);
        Assert.NotNull(vendor.Description);
        Assert.Null(ProviderCatalog.Find(type));
    }

    [Theory]
    [InlineData("")]
    [InlineData("jira")]
    [InlineData("../vendors/redmine")]
    [InlineData("Redmine")]
    public void Another_name_finds_nothing(string type) => Assert.Null(VendorCatalogue.Find(type));

    [Fact]
    public void A_definition_is_read_once() => Assert.Same(VendorCatalogue.Find("redmine"), Known.Find("redmine"));

    [Fact]
    public void Manifests_of_other_vendors_read_none_of_it()
    {
        Write(
            "people.yaml",
            """
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: eu}
            spec:
              type: confident-ai
              baseUrl: https://eu.api.confident-ai.com
              credentials: {token: {env: RECONCILER_TOKEN}}
              actingAs: bot@example.com
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessRole
            metadata: {name: viewer}
            spec: {access: {confident-ai: {role: Member}}}
            """
        );
        var set = new VendorSet(
            ProviderCatalog.Vendors,
            () => throw new InvalidOperationException("the names were read"),
            type => throw new InvalidOperationException($"{type} was read")
        );

        var loaded = new ManifestLoader(set, [], TimeProvider.System).Load(new([_folder.Path]));

        Assert.Empty(loaded.Problems.Sorted);
    }

    [Fact]
    public void An_unknown_type_is_told_with_all_that_are_known()
    {
        Write(
            "people.yaml",
            """
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: tracker}
            spec:
              type: redmin
              baseUrl: https://redmine.example
              credentials: {token: {env: RECONCILER_TOKEN}}
            """
        );

        var loaded = new ManifestLoader(Known, [], TimeProvider.System).Load(new([_folder.Path]));

        Assert.Contains(
            loaded.Problems.Sorted.Select(p => p.Message),
            m =>
                m.Contains("gitlab-project, gorules, grafana, redmine, sentry", StringComparison.Ordinal)
                && m.EndsWith("did you mean \"redmine\"?", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_copy_of_a_definition_replaces_nothing_and_needs_nothing()
    {
        Write("redmine.yaml", $"# Ours.\n{Definition("redmine")}");

        var (problems, vendors) = Read();

        Assert.Empty(problems);
        Assert.Equal(1, vendors.Count(v => v.Type == "redmine"));
        Assert.Equal(Known.Count(), vendors.Count());
    }

    [Fact]
    public void A_changed_copy_is_refused_unless_the_runner_says_so()
    {
        Write("redmine.yaml", Definition("redmine").Replace("title: Redmine", "title: Our tracker", Ordinal));

        var (problems, _) = Read();
        var (none, vendors) = Read("redmine");

        Assert.EndsWith(
            "is redmine, of which the program has another definition; "
                + "expected another name, or --override-vendor redmine",
            Assert.Single(problems),
            Ordinal
        );
        Assert.Empty(none);
        Assert.Equal("Our tracker", vendors.Find("redmine")!.Name);
        Assert.Equal("Our tracker", Assert.Single(vendors, v => v.Type == "redmine").Name);
    }

    [Fact]
    public void Where_a_vendor_comes_from_is_told()
    {
        Write("boards.yaml", Definition("grafana").Replace("name: grafana", "name: boards", Ordinal));
        var request = new ManifestRequest([]) { Vendors = _folder.Path, Folder = "." };

        var known = VendorFolder.Known(request, Known, new Problems()).ToDictionary(k => k.Vendor.Type, k => k.Origin);

        Assert.Equal("built in", known["gorules"]);
        Assert.Equal("built in, described in YAML", known["grafana"]);
        Assert.Contains("boards.yaml:", known["boards"], Ordinal);
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static string Definition(string type) => File.ReadAllText(Repository.At($"vendors/{type}.yaml"));

    private void Write(string name, string text) => File.WriteAllText(_folder[name], text);

    private (List<string> Problems, VendorSet Vendors) Read(params string[] overridden)
    {
        var problems = new Problems();
        var request = new ManifestRequest([]) { Vendors = _folder.Path, OverriddenVendors = overridden };
        var vendors = VendorFolder.Read(request, Known, problems);
        return ([.. problems.Sorted.Select(p => Convert.ToString(p, CultureInfo.InvariantCulture)!)], vendors);
    }
}
