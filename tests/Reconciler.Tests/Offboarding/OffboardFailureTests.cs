using Reconciler.Sandbox.Faults;

namespace Reconciler.Tests;

/// <summary>What <c>offboard</c> cannot read is told, and the rest goes on.</summary>
public sealed class OffboardFailureTests : OffboardScene
{
    [Theory]
    [InlineData("clarifeye-eu")]
    [InlineData("confident-ai-eu")]
    [InlineData("equinix-metal")]
    [InlineData("gorules-acme")]
    public async Task One_provider_that_is_down_stops_no_other(string down)
    {
        await using var server = await StartAsync();
        await WriteAsync();
        server.Inject(Fault.Answer(500) with { Connection = down, Times = null });
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(code == ExitCode.Partly, said);
        Assert.Contains($"not read: {down}: ", said, StringComparison.Ordinal);
        Assert.NotEmpty(Left(server));
        Assert.All(Left(server), l => Assert.StartsWith(down, l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_of_projects_that_cannot_be_read_is_told_and_declared_projects_are_still_looked_at()
    {
        await using var server = await StartAsync();
        await WriteAsync();
        server.Inject(
            new(FaultKind.CutJson)
            {
                Connection = "equinix-metal",
                Path = "/projects?",
                Times = null,
            }
        );
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(code == ExitCode.Partly, said);
        Assert.Contains(
            "equinix-metal: 1 declared project; the others could not be listed: GET /projects",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(
            [$"equinix-metal {MetalShadow} {Dave}", $"equinix-metal {MetalThird} invited {Old}"],
            Left(server)
        );
        Assert.Equal(ExitCode.Failed, (await RunAsync(server, null, "offboard", Dave, "--dry-run")).Code);
    }
}
