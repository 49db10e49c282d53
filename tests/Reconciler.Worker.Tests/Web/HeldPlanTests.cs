using Reconciler.Hosting.Reconciling;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

/// <summary>The names in the command that releases a held plan.</summary>
public sealed class HeldPlanTests
{
    private static readonly WorkerStatus Worker = WorkerSample.Status() with { ApprovalsFolder = "/approvals" };

    [Fact]
    public void Projects_of_different_namespaces_share_neither_an_element_nor_a_file_nor_a_name()
    {
        var (one, other) = (Held("a/b-c"), Held("a-b/c"));
        Assert.NotEqual(one.CommandId, other.CommandId);
        Assert.NotEqual(FileOf(one), FileOf(other));
        Assert.NotEqual(NameOf(one), NameOf(other));
    }

    [Theory]
    [InlineData("default/fraud-detection", 0)]
    [InlineData("team-a/fraud-detection", 0)]
    [InlineData("default/x", 62)]
    [InlineData("team-a/x", 62)]
    public void The_name_is_one_that_a_document_may_have(string id, int more)
    {
        var name = NameOf(Held(id + new string('x', more)));
        Assert.InRange(name.Length, 1, 63);
        Assert.All(name, c => Assert.True(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-', name));
        Assert.True(char.IsAsciiLetterOrDigit(name[^1]), name);
    }

    private static HeldPlan Held(string id)
    {
        var held = Worker.Projects.First(p => p.State == ProjectState.Held);
        return HeldPlan.Of(held with { Project = held.Project with { Id = id } }, Worker, WorkerSample.Now)!;
    }

    private static string NameOf(HeldPlan plan) => plan.Approval.Split("name: ")[1].Split('}')[0];

    private static string FileOf(HeldPlan plan) => plan.Command!.Split(" <<")[0];
}
