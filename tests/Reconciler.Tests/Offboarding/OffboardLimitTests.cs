using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary>Limits and protection hold <c>offboard</c> as they hold any plan.</summary>
public sealed class OffboardLimitTests : OffboardScene
{
    [Fact]
    public async Task A_project_that_would_lose_its_last_member_is_held_and_the_others_go_on()
    {
        await using var server = await StartAsync(shadow: []);
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.Equal(ExitCode.Held, code);
        Assert.Contains(
            "held: no accepted member would be left; the built-in limit keeps one",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal([$"equinix-metal {MetalShadow} {Dave}"], Left(server));
    }

    [Fact]
    public async Task Protected_people_are_left_in_projects_that_no_manifest_declares_too()
    {
        await using var server = await StartAsync();
        await WriteAsync(
            more: """
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: Guardrail
            metadata: {name: everywhere}
            spec: {selector: {}, protected: [dave@example.com]}
            """
        );
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains(
            "is protected by a Guardrail, so nothing is taken away; offboarding dave@example.com",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(0, server.NonGetCount);
    }

    [Fact]
    public async Task More_projects_than_a_provider_may_lose_people_in_are_held()
    {
        SeedProject[] many =
        [
            .. Enumerable
                .Range(0, 26)
                .Select(i => new SeedProject(new Guid(i + 1, 0, 0, new byte[8]).ToString(), "equinix-metal")
                {
                    Members = [Member(Dave), Member("ana@example.com")],
                }),
        ];
        await using var server = await StartAsync(more: many);
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.Equal(ExitCode.Held, code);
        Assert.Contains(
            "removals over the provider's projects; the built-in limit allows 25 in an hour",
            said,
            StringComparison.Ordinal
        );
        Assert.All(Left(server), l => Assert.StartsWith("equinix-metal", l, StringComparison.Ordinal));
        Assert.Equal(
            ExitCode.Done,
            (await RunAsync(server, null, "offboard", Dave, "--yes", "--max-removals", "100")).Code
        );
        Assert.Equal([], Left(server));
    }
}
