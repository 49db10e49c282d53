using Reconciler.Sandbox.Faults;

namespace Reconciler.Tests;

/// <summary>
/// <c>offboard</c> of an address that is a slip, of somebody who is gone already, and of accounts that stay.
/// </summary>
public sealed class OffboardNobodyTests
{
    private const string Peter = "{email: peter@example.com, access: {roles: [collaborator]}}";

    [Theory]
    [InlineData("petr@example.com")]
    [InlineData("peter@example.org")]
    [InlineData("pteer@example.com")]
    public async Task An_address_that_is_found_nowhere_is_said_with_near_ones_and_exit_1(string slip)
    {
        await using var scene = await RecordScene.StartAsync("peter@example.com");
        scene.Declare(5, others: Peter);
        var (code, text) = await scene.RunAsync("offboard", slip, "--yes");
        Assert.True(code == ExitCode.Failed, text);
        Assert.Contains(
            $"Found nowhere: {slip} is not in 5 projects, in the manifests or in the state.\n"
                + "Similar: peter@example.com.\n",
            text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Nothing to take away", text, StringComparison.Ordinal);
        Assert.DoesNotContain("By hand:", text, StringComparison.Ordinal);
        Assert.Equal(0, scene.Sandbox.NonGetCount);
    }

    [Fact]
    public async Task An_address_near_one_that_only_the_vendor_or_the_state_knows_is_named_too()
    {
        await using var scene = await RecordScene.StartAsync("gina@example.com");
        var (_, live) = await scene.RunAsync("offboard", "gian@example.com", "--dry-run");
        Assert.Contains("Similar: gina@example.com.", live, StringComparison.Ordinal);

        scene.Declare(1, others: "{email: hugo@example.com, access: {roles: [collaborator]}}");
        Assert.Equal(ExitCode.Done, (await scene.RunAsync("apply", "--yes")).Code);
        scene.Declare(1);
        scene.Sandbox.Connection(RecordScene.Connection).Decline(RecordScene.Project(1), "hugo@example.com");
        var (_, remembered) = await scene.RunAsync("offboard", "hugoo@example.com", "--dry-run");
        Assert.Contains("Similar: hugo@example.com.", remembered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_JSON_of_a_slip_says_that_nobody_was_found()
    {
        await using var scene = await RecordScene.StartAsync("peter@example.com");
        var (code, document) = await scene.JsonAsync("offboard", "petr@example.com", "--yes");
        Assert.Equal((ExitCode.Failed, "notFound"), (code, document.GetProperty("state").GetString()));
        Assert.Equal("peter@example.com", Assert.Single(document.GetProperty("similar").EnumerateArray()).GetString());
        Assert.Empty(document.GetProperty("found").EnumerateArray());
        Assert.Empty(document.GetProperty("byHand").EnumerateArray());
    }

    [Fact]
    public async Task Somebody_whom_the_history_shows_removed_is_no_slip()
    {
        await using var scene = await RecordScene.StartAsync("peter@example.com");
        Assert.Equal(ExitCode.Done, (await scene.RunAsync("offboard", "peter@example.com", "--yes")).Code);
        var (code, text) = await scene.RunAsync("offboard", "PETER@example.com", "--yes");
        Assert.True(code == ExitCode.Done, text);
        Assert.Contains(
            "Nothing to take away in 5 projects.\nThe history shows that peter@example.com was removed from p",
            text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Found nowhere", text, StringComparison.Ordinal);
        var (_, masked) = await scene.RunAsync("offboard", "peter@example.com", "--mask-emails");
        Assert.DoesNotContain('@', masked);
    }

    [Fact]
    public async Task A_protected_account_is_one_sentence_however_many_projects_it_is_in()
    {
        await using var scene = await RecordScene.StartAsync("bot@example.com", "root@example.com");
        var (code, text) = await scene.RunAsync("offboard", "bot@example.com", "--yes");
        Assert.True(code == ExitCode.Done, text);
        var sentence = Assert.Single(text.Split('\n'), l => l.Contains("acts as", StringComparison.Ordinal));
        Assert.Contains(
            "equinix-metal: P1, P2, P3, P4, P5: bot@example.com is the account that Reconciler acts as, "
                + "so nothing is taken away",
            sentence,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("By hand:", text, StringComparison.Ordinal);

        scene.Declare(
            5,
            "---\napiVersion: reconciler.dev/v1alpha1\nkind: Guardrail\nmetadata: {name: g}\n"
                + "spec: {selector: {}, protected: [root@example.com]}\n"
        );
        var (_, guarded) = await scene.RunAsync("offboard", "root@example.com", "--yes");
        Assert.Single(
            guarded.Split('\n'),
            l => l.Contains("root@example.com is protected by a Guardrail", StringComparison.Ordinal)
        );
        var (_, document) = await scene.JsonAsync("offboard", "root@example.com");
        Assert.Single(document.GetProperty("byHand").EnumerateArray());
    }

    [Fact]
    public async Task Where_nothing_can_be_read_nothing_is_known_of_the_person()
    {
        await using var scene = await RecordScene.StartAsync("peter@example.com");
        scene.Sandbox.Inject(Fault.Answer(500) with { Times = null });
        var (code, text) = await scene.RunAsync("offboard", "peter@example.com", "--yes");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("Nothing is known: 5 of 5 projects could not be read.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing to take away", text, StringComparison.Ordinal);
    }
}
