using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;
using Reconciler.Testing.Core;

namespace Reconciler.Operator.Tests.Status;

/// <summary>What people read of a pass.</summary>
public sealed class StatusTextTests
{
    [Fact]
    public void What_a_change_loosens_stands_in_the_status_and_is_gone_after_the_next_pass()
    {
        var plan = new World().Declare("ana@example.com", "read").Plan();
        var loosened = plan with
        {
            LimitChange = new(Limits.None, ["the Guardrail g allowed 1 removal per project; now 9 are allowed"]),
        };
        var status = new JsonObject();

        StatusText.Of(PassOf(loosened), Resource, "default")(status, World.Now);
        Assert.Equal(
            "the Guardrail g allowed 1 removal per project; now 9 are allowed",
            (string)Assert.Single(status["loosened"]!.AsArray())!
        );
        Assert.Contains("limits loosened", (string)status["summary"]!, StringComparison.Ordinal);

        StatusText.Of(
            PassOf(loosened with { Holds = [new(HoldScope.Plan, "too many") { Limit = "a limit" }] }),
            Resource,
            "default"
        )(status, World.Now);
        Assert.StartsWith(
            "too many; limit loosened: the Guardrail g allowed 1 removal per project; now 9 are allowed; ",
            (string)status["conditions"]![0]!["message"]!,
            StringComparison.Ordinal
        );

        StatusText.Of(PassOf(plan), Resource, "default")(status, World.Now);
        Assert.Null(status["loosened"]);
    }

    private static ClusterResource Resource =>
        new()
        {
            Metadata = new() { Name = "fraud", NamespaceProperty = "default" },
        };

    private static ProjectReconcile PassOf(ProjectPlan plan) =>
        new(new PlannedProject(plan.Project, plan, null), null, null);

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void The_command_that_releases_a_held_plan_is_never_cut_off(int holds)
    {
        var plan = new World().Declare("ana@example.com", "read").Plan() with
        {
            Holds =
            [
                .. Enumerable
                    .Range(0, holds)
                    .Select(i => new Hold(
                        HoldScope.Plan,
                        $"Flapping: p{i}@example.com was changed back three passes running"
                    )
                    {
                        Limit = "Flapping",
                        Origin = LimitOrigin.Manifests,
                    }),
            ],
        };
        var status = new JsonObject();

        StatusText.Of(
            new(new PlannedProject(plan.Project, plan, null), null, null),
            new ClusterResource
            {
                Metadata = new() { Name = "fraud", NamespaceProperty = "default" },
            },
            "default"
        )(status, World.Now);

        var message = (string)status["conditions"]![0]!["message"]!;
        Assert.StartsWith("Flapping: p0@example.com", message, StringComparison.Ordinal);
        Assert.EndsWith(
            $"kubectl annotate projectmembership fraud -n default --overwrite reconciler.dev/approve={plan.HeldDigest}",
            message,
            StringComparison.Ordinal
        );
        Assert.InRange(message.Length, 1, Conditions.LongestMessage);
    }
}
