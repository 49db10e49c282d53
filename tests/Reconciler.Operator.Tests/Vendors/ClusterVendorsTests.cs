using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Hosting;
using Reconciler.Kubernetes.Client;
using Reconciler.Manifests.Loading;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Vendors;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Operator.Schemas;
using Reconciler.Testing.Sources;

namespace Reconciler.Operator.Tests.Vendors;

/// <summary>
/// The VendorDefinitions of a cluster as the operator keeps them, and which namespaces notice a change of one.
/// </summary>
public sealed class ClusterVendorsTests
{
    private static readonly OperatorSettings Settings = new() { VendorDefinitions = true };
    private readonly ResourceCache _cache = new();

    [Theory]
    [InlineData("AccessProvider", "{type: acme}", true)]
    [InlineData("AccessProvider", "{type: other, baseUrl: https://acme.example}", false)]
    [InlineData("AccessRole", "{access: {clarifeye: {role: x}, acme: {roles: [x]}}}", true)]
    [InlineData("AccessRole", "{access: {clarifeye: {role: acme}}}", false)]
    [InlineData("Guardrail", "{selector: {}, forbiddenAccess: {acme: {roles: [x]}}}", true)]
    [InlineData("Guardrail", "{selector: {}, temporary: [{access: {acme: {roles: [x]}}, within: 7d}]}", true)]
    [InlineData("Guardrail", "{selector: {}, minAdmins: 1}", false)]
    [InlineData("Person", "{email: ana@example.com, logins: {acme: ana}}", true)]
    [InlineData("Person", "{email: ana@example.com, logins: {github: ana}}", true)]
    [InlineData("Person", "{email: ana@example.com, logins: {gitlab: ana}}", false)]
    public void A_change_concerns_the_namespaces_that_name_the_vendor_or_its_site(
        string kind,
        string spec,
        bool concerns
    )
    {
        Have("team-a", kind, spec);
        Have("team-b", "AccessProvider", "{type: clarifeye}");
        var site = VendorCatalogue.Find("github-repository")!;
        Assert.Equal("github", site.Logins!.Site);

        var concerned = new VendorUsers(_cache, RulesOf(null)).NamespacesOf("acme", null, site);

        Assert.Equal(concerns ? ["team-a"] : [], concerned);
    }

    [Theory]
    [InlineData("forbiddenAccess: {acme: {roles: [x]}}", 2)]
    [InlineData("minAdmins: 1", 0)]
    public void A_Guardrail_of_the_runner_with_words_of_the_vendor_concerns_every_namespace(string limit, int concerned)
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "limits.yaml",
            "apiVersion: reconciler.dev/v1alpha1\nkind: Guardrail\nmetadata: {name: all}\n"
                + $"spec: {{selector: {{}}, {limit}}}\n"
        );
        Have("team-a", "AccessProvider", "{type: clarifeye}");
        Have("team-b", "AccessProvider", "{type: clarifeye}");

        Assert.Equal(concerned, new VendorUsers(_cache, RulesOf(folder["limits.yaml"])).NamespacesOf("acme").Count);
    }

    [Theory]
    [InlineData("{project: {type: acme}}", true)]
    [InlineData("{project: {type: other}, former: [{project: {type: acme}}]}", true)]
    [InlineData("{project: {type: other, name: acme}, former: [{project: {type: clarifeye}}]}", false)]
    [InlineData("{project: acme, former: acme}", false)]
    [InlineData(null, false)]
    public void A_change_concerns_a_membership_that_let_people_in_under_the_name(string? status, bool concerns)
    {
        // Its AccessProvider is gone, and its deletion waits for the definition.
        Have("team-a", "ProjectMembership", "{provider: vendor}", status);
        Have("team-b", "AccessProvider", "{type: clarifeye}");

        Assert.Equal(concerns ? ["team-a"] : [], new VendorUsers(_cache, RulesOf(null)).NamespacesOf("acme"));
    }

    [Fact]
    public void Rules_are_made_once_for_one_state_of_the_definitions()
    {
        var vendors = new ClusterVendors(Settings);
        var rules = new RunnerRules(ProgramVendors.All, DateTimeOffset.UnixEpoch);
        vendors.Set("acme", CheckedDefinition.Of(Definition("acme")));
        var first = vendors.Include(rules);

        Assert.Same(first.Vendors, vendors.Include(rules with { Now = DateTimeOffset.UtcNow }).Vendors);
        vendors.Set("acme", null);
        Assert.Null(vendors.Include(rules).Vendors.Find("acme"));
        Assert.NotNull(first.Vendors.Find("acme"));
    }

    [Fact]
    public void One_whose_JSON_cannot_be_read_says_so_and_is_not_used()
    {
        var unreadable = CheckedDefinition.Of(new() { Metadata = new() { Name = "acme" } }, "it is too deep");

        Assert.Null(unreadable.Vendor);
        Assert.Equal(
            ("Invalid", "cannot be read: it is too deep"),
            (unreadable.ConditionsOf(NameUse.Free).Ready.Reason, unreadable.ConditionsOf(NameUse.Free).Ready.Message)
        );
    }

    [Fact]
    public void Labels_and_a_new_object_of_the_same_content_change_nothing_for_those_who_name_it()
    {
        var one = CheckedDefinition.Of(Definition("acme"));
        var labelled = Definition("acme");
        labelled.Metadata.Uid = "another";
        labelled.Metadata.Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "x" };

        Assert.True(CheckedDefinition.MeanTheSame(one, CheckedDefinition.Of(labelled)));
        Assert.False(CheckedDefinition.MeanTheSame(one, null));
        Assert.False(CheckedDefinition.MeanTheSame(null, one));
        Assert.False(CheckedDefinition.MeanTheSame(one, CheckedDefinition.Of(one.Resource, "broken")));
        Assert.False(CheckedDefinition.MeanTheSame(one, CheckedDefinition.Of(Definition("other"))));
    }

    private static ClusterResource Definition(string name)
    {
        var tree = YamlTree.One(DescribedVendor.Definition(name));
        return new()
        {
            Metadata = new() { Name = name, Uid = "u-1" },
            Spec = Json((JsonObject)tree["spec"]!),
        };
    }

    private static JsonElement Json(JsonObject tree) => JsonDocument.Parse(tree.ToJsonString()).RootElement;

    private static OperatorRules RulesOf(string? guardrails)
    {
        var settings = Settings with { Guardrails = guardrails };
        var environment = new HostEnvironment(
            new(ProgramVendors.All, [], TimeProvider.System),
            folder => new TokenReader(_ => null, folder, [])
        )
        {
            Variable = _ => null,
            Folder = Path.GetTempPath(),
            Clock = TimeProvider.System,
        };
        return new(settings, environment, new(settings), NullLogger.Instance);
    }

    private void Have(string @namespace, string kind, string spec, string? status = null) =>
        _cache.Set(
            ManifestKind.All.Single(k => k.Name == kind),
            new ObjectKey(@namespace, "one"),
            new()
            {
                Metadata = new() { Name = "one", NamespaceProperty = @namespace },
                Spec = Json(YamlTree.One(spec)),
                Status = status is null ? null : Json(YamlTree.One(status)),
            }
        );
}
