using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Tests.Evaluating;

/// <summary>The state of a membership for a shard that evaluates it.</summary>
public sealed class MembershipEvaluatorTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("a", 1, false)]
    [InlineData("b", 1, true)]
    [InlineData("b", 29, true)]
    [InlineData("b", 31, false)]
    public void What_another_shard_was_about_to_send_is_left_to_it_as_long_as_its_pass_may_take(
        string writer,
        int minutes,
        bool isInFlight
    )
    {
        var membership = Evaluate(
            Resource(writer, [new(ActionKind.Invite, "ana@example.com", "ana@example.com", Now.AddMinutes(-minutes))])
        );

        Assert.Equal(isInFlight, membership.IsInFlight);
        Assert.Equal(isInFlight, membership.IsForeign);
    }

    [Fact]
    public void What_another_shard_has_settled_is_taken_over_at_once() =>
        Assert.False(Evaluate(Resource("b", [])).IsForeign);

    [Fact]
    public void What_the_selector_leaves_out_is_the_others() =>
        Assert.True(Evaluate(Resource("a", []), "tier=test") is { IsForeign: true, IsInFlight: false });

    private static DesiredMembership Evaluate(ClusterResource resource, string selector = "")
    {
        var document = new ClusterDocument(ManifestKind.All.Single(k => k.Type == typeof(ProjectMembership)), resource);
        var @namespace = new NamespaceResources(ImmutableDictionary<string, ClusterDocument>.Empty, new());
        var settings = new OperatorSettings
        {
            Selector = LabelQuery.Parse(selector),
            Shard = "a",
            DeletionGrace = TimeSpan.FromMinutes(1),
        };
        return new MembershipEvaluator(settings).Evaluate(
            document,
            @namespace,
            new(resource),
            () => Resolution.Wrong("Invalid", "nothing to resolve"),
            new([], Now)
        );
    }

    private static ClusterResource Resource(string shard, ImmutableArray<WriteIntent> intents)
    {
        var project = new ProjectKey("clarifeye", "https://api.clarifeye.example/", "p-7");
        var ledger = LedgerStatus.Write(new(project, ProjectLedger.Empty with { Intents = intents }));
        ledger["revision"] = 3;
        var status = new JsonObject
        {
            ["shard"] = shard,
            ["project"] = new JsonObject
            {
                ["type"] = project.VendorType,
                ["baseUrl"] = project.BaseUrl,
                ["projectId"] = project.ProjectId,
            },
            ["ledger"] = ledger,
        };
        return new()
        {
            Metadata = new()
            {
                Name = "fraud",
                NamespaceProperty = "default",
                Uid = "u-1",
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["tier"] = "prod" },
            },
            Status = JsonDocument.Parse(status.ToJsonString()).RootElement,
        };
    }
}
