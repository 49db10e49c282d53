using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Schemas;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Operator.Schemas;

namespace Reconciler.Operator.Tests.Schemas;

/// <summary>The statuses through their subresource, on a real API server: what is written is what is read.</summary>
public sealed class CrdStatusTests(KubeApiServer server)
{
    // What etcd takes in one request, without being told otherwise.
    private const int MostBytes = 1_572_864;

    // No text is empty: the oldest servers, built by a newer compiler, take an empty text for null.
    private const string Membership =
        """
            observedGeneration: 3
            shard: default
            conditions:
            - {type: Ready, status: "False", reason: Progressing, message: "4 of 5 😀", observedGeneration: 3,
            """
        + """
             lastTransitionTime: "2026-11-22T13:00:00Z"}
            - {type: Reconciling, status: "True", reason: Progressing, message: "as declared", observedGeneration: 3,
            """
        + """
             lastTransitionTime: "2026-11-22T13:00:00Z"}
            project: {type: clarifeye, baseUrl: "https://eu.app.clarifeye.ai/api/v1", projectId: p, name: "Fraud \u0001 detection"}
            declared: 5
            converged: 4
            summary: "4 of 5 as declared, 1 waiting"
            plan:
              digest: "sha256:0"
              invite: 1
              add: 0
              update: 0
              resend: 0
              replace: 0
              revoke: 0
              remove: 2
              held: ["3 removals; at most 2"]
              actions: ["invite ana@example.com with CAN_VIEW_DATA"]
            people: [{person: "eve@example.com", state: Waiting, message: "since yesterday"}]
            peopleCount: 1
            findings: 2
            lastHandledRequestedAt: "any text"
            lastChangedAt: "2026-11-22T13:00:00.1234567+00:00"
            """;

    private const string Ledger =
        """
            revision: 7
            source: Ledger
            trustedCount: 5
            accesses: [{grants: [{field: permissions, word: CAN_VIEW_DATA, label: "May look"}]}]
            inventory: [{email: "ana@example.com", id: "1", state: Member, owned: true, invitedAt: "2026-11-22T13:00:00Z",
            """
        + """
             sentAt: "2026-11-22T13:00:00Z", resends: 1, asked: 0, change: "c", repeats: 1}]
            intents: H4sIAAAAAAAAA4uOBQApu0wNAgAAAA
            inFlight: 2
            applied: {prune: owned, limits: {removals: [{count: 3, window: 1h}]}, anything: [1, "two", {three: true}]}
            released: ["sha256:1"]
            removals: [{at: "2026-11-22T13:00:00Z", count: 2}]
            """;

    private const string Provider =
        """
            observedGeneration: 1
            conditions: [{type: Ready, status: "True", reason: Reachable, message: "as declared", observedGeneration: 1,
            """
        + """
             lastTransitionTime: "2026-11-22T13:00:00Z"}]
            reachable: true
            memberships: 12
            lastSuccessAt: "2026-11-22T13:00:00Z"
            lastError: {at: "2026-11-22T13:00:00Z", message: "timed out"}
            quota: {limit: 600, remaining: 580, resetAt: "2026-11-22T13:00:00Z"}
            removals: {default: [{at: "2026-11-22T13:00:00Z", count: 2}], eu-1: [{at: "2026-11-22T13:00:00Z", count: 3}]}
            """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_status_of_a_membership_is_read_back_as_written()
    {
        var status = YamlTree.One(Membership);
        status["ledger"] = YamlTree.One(Ledger);
        status["former"] = new JsonArray(
            new JsonObject { ["project"] = status["project"]!.DeepClone(), ["ledger"] = YamlTree.One(Ledger) }
        );

        await ReadsBackAsync("ProjectMembership", "provider: p, projectId: x", status);
    }

    [Fact]
    public async Task A_full_status_of_a_provider_is_read_back_as_written() =>
        await ReadsBackAsync(
            "AccessProvider",
            "type: clarifeye, baseUrl: https://x.example, credentials: {token: {env: RECONCILER_T}}",
            YamlTree.One(Provider)
        );

    [Fact]
    public async Task Every_list_holds_as_many_as_agreed_and_5000_people_fit_into_one_object()
    {
        var status = YamlTree.One(Membership);
        var ledger = YamlTree.One(Ledger);
        status["summary"] = new string('s', 200);
        status["plan"]!["actions"] = Many(100, i => new string('a', 300));
        status["people"] = Many(
            100,
            i => new JsonObject
            {
                ["person"] = $"p{i}@example.com",
                ["state"] = "Waiting",
                ["message"] = "the invitation was not answered yet",
            }
        );
        ledger["released"] = Many(10, i => $"sha256:{i:d64}");
        ledger["removals"] = Many(200, i => new JsonObject { ["at"] = "2026-11-22T13:00:00Z", ["count"] = i });
        ledger["inventory"] = Many(LedgerSchema.MostPeople, Person);
        status["ledger"] = ledger;
        var members = string.Join(
            ", ",
            Enumerable
                .Range(0, LedgerSchema.MostPeople)
                .Select(i =>
                    string.Create(CultureInfo.InvariantCulture, $"{{email: person{i:d5}@example.com, role: analyst}}")
                )
        );

        var read = await ReadsBackAsync(
            "ProjectMembership",
            $"provider: p, projectId: x, members: [{members}]",
            status
        );

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{read.ToJsonString().Length} bytes as a whole, {ledger["inventory"]!.ToJsonString().Length} of them inventory"
        );
        Assert.InRange(read.ToJsonString().Length, 1, MostBytes);
    }

    [Theory]
    [InlineData("conditions: [{type: Ready, status: Maybe}]", "status.conditions")]
    [InlineData("summary: {}", "status.summary")]
    [InlineData("declared: -1", "status.declared")]
    [InlineData("lastChangedAt: yesterday", "status.lastChangedAt")]
    public async Task A_status_of_another_form_is_refused(string status, string field)
    {
        using var client = await CrdCluster.ClientAsync(server);
        var (type, key) = await CreateAsync(client, "ProjectMembership", "provider: p, projectId: x");

        var refused = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.MergePatchStatusAsync(type, key, new() { ["status"] = YamlTree.One(status) }, null, Cancellation)
        );

        Assert.Contains(field, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Team", "members: []")]
    [InlineData("Guardrail", "selector: {}")]
    public async Task Other_kinds_have_no_status(string kind, string spec)
    {
        using var client = await CrdCluster.ClientAsync(server);
        var (type, key) = await CreateAsync(client, kind, spec);

        Assert.True(
            (
                await Assert.ThrowsAsync<KubernetesException>(() =>
                    client.MergePatchStatusAsync(type, key, new() { ["status"] = new JsonObject() }, null, Cancellation)
                )
            ).IsNotFound
        );
    }

    private static async Task<(ResourceType<JsonObject> Type, ObjectKey Key)> CreateAsync(
        ClusterClient client,
        string kind,
        string spec
    )
    {
        var type = CrdCluster.TypeOf(kind);
        var space = await KubeApiServer.NamespaceAsync(client);
        await client.CreateAsync(
            type,
            space,
            YamlTree.One(
                $"apiVersion: reconciler.dev/v1alpha1\nkind: {kind}\nmetadata: {{name: one}}\nspec: {{{spec}}}\n"
            ),
            Cancellation
        );
        return (type, new(space, "one"));
    }

    // Typical entries: most people were taken over or accepted long ago; one in ten waits.
    private static JsonObject Person(int i)
    {
        var person = new JsonObject
        {
            ["email"] = string.Create(CultureInfo.InvariantCulture, $"person{i:d5}@example.com"),
            ["id"] = $"{new Guid(i, 1, 2, new byte[8])}",
            ["state"] = "Member",
            ["owned"] = true,
        };
        if (i % 10 != 0)
            return person;
        (person["state"], person["invitedAt"], person["sentAt"], person["resends"], person["asked"]) = (
            "Invited",
            "2026-11-22T13:00:00Z",
            "2026-11-22T13:00:00Z",
            1,
            0
        );
        return person;
    }

    private static JsonArray Many(int count, Func<int, JsonNode> make) =>
        new([.. Enumerable.Range(0, count).Select(make)]);

    private async Task<JsonObject> ReadsBackAsync(string kind, string spec, JsonObject status)
    {
        using var client = await CrdCluster.ClientAsync(server);
        var (type, key) = await CreateAsync(client, kind, spec);
        await client.MergePatchStatusAsync(type, key, new() { ["status"] = status.DeepClone() }, null, Cancellation);
        var read = await client.GetAsync(type, key, Cancellation);
        Assert.True(JsonNode.DeepEquals(status, read["status"]), "what was read differs from what was written");
        return read;
    }
}
