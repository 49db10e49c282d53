using System.Text.Json.Nodes;
using Reconciler.Core.Planning;
using Reconciler.Engine;
using Reconciler.Hosts.Operator;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Passes;
using Reconciler.Tests.Core;

namespace Reconciler.Tests.Hosts.Operator.Status;

/// <summary>What people read of a pass.</summary>
public sealed class StatusTextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void The_command_that_releases_a_held_plan_is_never_cut_off(int holds)
    {
        var plan = new World().Declare("ana@example.com", "read").Plan() with
        {
            Holds = [.. Enumerable.Range(0, holds).Select(i => new Hold(HoldScope.Plan, $"Flapping: p{i}@example.com was changed back three passes running") { Limit = "Flapping" })],
        };
        var status = new JsonObject();

        StatusText.Of(new(new PlannedProject(plan.Project, plan, null), null, null), new ClusterResource { Metadata = new() { Name = "fraud", Namespace = "default" } }, "default")(status, World.Now);

        var message = (string)status["conditions"]![0]!["message"]!;
        Assert.StartsWith("Flapping: p0@example.com", message, StringComparison.Ordinal);
        Assert.EndsWith($"kubectl annotate projectmembership fraud -n default --overwrite reconciler.dev/approve={plan.HeldDigest}", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 1, Conditions.LongestMessage);
    }
}
