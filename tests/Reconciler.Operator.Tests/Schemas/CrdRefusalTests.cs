using System.Text.RegularExpressions;
using Reconciler.Kubernetes.Client;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Operator.Schemas;

namespace Reconciler.Operator.Tests.Schemas;

/// <summary>What a real API server says against wrong manifests: at once, and naming the field.</summary>
public sealed partial class CrdRefusalTests(KubeApiServer server)
{
    private const string Membership = "ProjectMembership|provider: p, projectId: x";
    private const string Provider =
        "AccessProvider|baseUrl: https://eu.app.clarifeye.ai/api/v1, credentials: {token: {env: RECONCILER_T}}";
    private const string Guardrail = "Guardrail|selector: {}";

    private static readonly string Long = new('a', 1100);

    public static TheoryData<string, string, string, string> Wrong =>
        new()
        {
            { "ProjectMembership|provider: p", "", "spec.projectId", "Required value" },
            { "ProjectMembership|projectId: x", "", "spec.provider", "Required value" },
            { "ProjectMembership|projectId: x", "provider: Upper", "spec.provider", "should match" },
            { "ProjectMembership|projectId: x", $"provider: {new string('a', 64)}", "spec.provider", "63" },
            { "ProjectMembership|provider: p", $"projectId: {new string('a', 129)}", "spec.projectId", "128" },
            { "ProjectMembership|provider: p", "projectId: ''", "spec.projectId", "at least 1" },
            { "ProjectMembership|provider: p", "projectId: 7", "spec.projectId", "must be of type string" },
            { "ProjectMembership|provider: p", "projectId: \"a\\nb\"", "spec.projectId", "should match" },
            { Membership, "prune: al", "spec.prune", "supported values: \"never\", \"owned\", \"all\"" },
            { Membership, "deletionPolicy: keep", "spec.deletionPolicy", "supported values" },
            { Membership, "interval: 10x", "spec.interval", "should match" },
            { Membership, "interval: 10", "spec.interval", "must be of type string" },
            { Membership, "suspend: 'yes'", "spec.suspend", "must be of type boolean" },
            { Membership, "invitations: {}", "spec.invitations", "at least 1 properties" },
            { Membership, "invitations: {maxResends: 21}", "spec.invitations.maxResends", "less than or equal to 20" },
            {
                Membership,
                "invitations: {maxResends: -1}",
                "spec.invitations.maxResends",
                "greater than or equal to 0"
            },
            { Membership, "invitations: {maxResends: 1.5}", "spec.invitations.maxResends", "must be of type integer" },
            { Membership, "members: {}", "spec.members", "must be of type array" },
            { Membership, "members: [{email: example.com, role: r}]", "spec.members.email", "should match" },
            { Membership, "members: [{email: 'a b@example.com', role: r}]", "spec.members.email", "should match" },
            { Membership, $"members: [{{email: {Long}@example.com, role: r}}]", "spec.members.email", "1024" },
            {
                Membership,
                "members: [{email: a@example.com, role: r, expiresAt: tomorrow}]",
                "spec.members.expiresAt",
                "should match"
            },
            {
                Membership,
                $"members: [{{email: a@example.com, role: r, reason: {Long}}}]",
                "spec.members.reason",
                "500"
            },
            {
                Membership,
                "members: [{email: a@example.com, access: {permissions: CAN_VIEW_DATA}}]",
                "spec.members.access.permissions",
                "must be of type array"
            },
            {
                Membership,
                "members: [{email: a@example.com, access: {permissions: [CAN_SEE_DATA]}}]",
                "spec.members.access.permissions",
                "supported values: "
            },
            { "AccessProvider|type: clarifeye", "baseUrl: https://x.example", "spec.credentials", "Required value" },
            {
                Provider,
                "type: clarifey",
                "spec.type",
                "supported values: \"clarifeye\", \"confident-ai\", \"datadog\", \"equinix-metal\""
            },
            { Provider, "type: clarifeye, caSecretRef: {name: A, key: b}", "spec.caSecretRef.name", "should match" },
            {
                Provider,
                "type: clarifeye, requestsPerSecond: 0",
                "spec.requestsPerSecond",
                "greater than or equal to 1"
            },
            {
                "AccessProvider|type: clarifeye, credentials: {token: {env: A}}",
                "baseUrl: ftp://x.example",
                "spec.baseUrl",
                "should match"
            },
            {
                "AccessRole|access: {gorules: {groups: [a], owner: 'true'}}",
                "",
                "spec.access.gorules.owner",
                "must be of type boolean"
            },
            {
                "Person|email: a@example.com",
                $"aliases: [{string.Join(", ", Enumerable.Range(0, 51).Select(i => $"a{i}@example.com"))}]",
                "spec.aliases",
                "at most 50"
            },
            {
                "Person|email: a@example.com",
                $"userIds: {{{string.Join(", ", Enumerable.Range(0, 101).Select(i => $"p{i}: x"))}}}",
                "spec.userIds",
                "at most 100 properties"
            },
            { Guardrail, "maxRemovals: {percent: 101}", "spec.maxRemovals.percent", "less than or equal to 100" },
            {
                Guardrail,
                "maxRemovalsPerProvider: {window: 1h}",
                "spec.maxRemovalsPerProvider.count",
                "Required value"
            },
            { Guardrail, "maxInvitations: {}", "spec.maxInvitations.count", "Required value" },
            { Guardrail, "maxInvitations: {count: -1}", "spec.maxInvitations.count", "greater than or equal to 0" },
            { Guardrail, "allowedDomains: [a@example.com]", "spec.allowedDomains", "should match" },
            {
                "Guardrail|selector: {matchExpressions: [{key: tier, operator: is, values: [prod]}]}",
                "",
                "spec.selector.matchExpressions.operator",
                "supported values: \"In\""
            },
        };

    public static TheoryData<string, string> LeftToTheOperator =>
        [
            .. CrdRuleTests
                .Wrong.Select(row => (row.Data.Item1, row.Data.Item2))
                // This server does not know the kind.
                .Where(row => row.Item1 != "VendorDefinition"),
        ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_manifest_is_refused_by_its_field(string document, string more, string field, string says)
    {
        using var client = await CrdCluster.ClientAsync(server);
        var (kind, spec) = (document.Split('|')[0], document.Split('|')[1]);
        var manifest = YamlTree.One(
            $"apiVersion: reconciler.dev/v1alpha1\nkind: {kind}\nmetadata: {{name: wrong}}\n"
                + $"spec: {{{spec}{(more.Length > 0 ? ", " : "")}{more}}}\n"
        );

        var refusal = await CrdCluster.RefusalAsync(client, "default", manifest);

        Assert.NotNull(refusal);
        // Older servers leave out the place in a list.
        Assert.Contains(field, Index().Replace(refusal, ""), StringComparison.Ordinal);
        Assert.Contains(says.Split('|'), word => refusal.Contains(word, StringComparison.Ordinal));
    }

    /// <summary>What a schema says in words that name no field: rules in CEL say it, and so does the operator.</summary>
    [Theory]
    [MemberData(nameof(LeftToTheOperator))]
    public async Task What_a_rule_would_say_the_server_leaves_to_the_operator(string kind, string spec)
    {
        using var client = await CrdCluster.ClientAsync(server);
        var manifest = CrdRuleTests.Manifest(kind, spec);

        Assert.Null(await CrdCluster.RefusalAsync(client, "default", manifest));
    }

    [Fact]
    public async Task A_field_without_a_value_is_as_absent_to_the_server()
    {
        using var client = await CrdCluster.ClientAsync(server);
        var manifest = YamlTree.One(
            "apiVersion: reconciler.dev/v1alpha1\nkind: ProjectMembership\nmetadata: {name: nothing}\n"
                + "spec: {provider: p, projectId: x, members: null}\n"
        );

        var made = await client.CreateDryAsync(
            CrdCluster.TypeOf("ProjectMembership"),
            "default",
            manifest,
            TestContext.Current.CancellationToken
        );

        Assert.False(made["spec"]!.AsObject().ContainsKey("members"));
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a23456789-123456789-123456789-123456789-123456789-123456789-1234")]
    public async Task A_name_is_a_label_of_63_characters(string name)
    {
        using var client = await CrdCluster.ClientAsync(server);

        var refusal = await CrdCluster.RefusalAsync(
            client,
            "default",
            YamlTree.One(
                $"apiVersion: reconciler.dev/v1alpha1\nkind: Team\nmetadata: {{name: {name}}}\nspec: {{members: []}}\n"
            )
        );

        Assert.Contains("metadata.name", refusal, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\[[0-9]+\]", RegexOptions.NonBacktracking)]
    private static partial Regex Index();
}
