namespace Reconciler.Tests;

/// <summary>A plan is read from its top: changes first, few findings, and each name once.</summary>
public sealed class PlanReadingTests
{
    private const string Kim = "{email: kim@example.com, access: {roles: [collaborator]}}";

    private static readonly string[] Six =
    [
        "a1@example.com",
        "a2@example.com",
        "a3@example.com",
        "a4@example.com",
        "a5@example.com",
        "a6@example.com",
    ];

    [Fact]
    public async Task A_project_shows_three_findings_after_its_changes_and_counts_the_others()
    {
        await using var scene = await RecordScene.StartAsync(Six);
        scene.Declare(1, others: Kim);
        // Without a state nothing is judged, so that the six count as unmanaged only once there is one.
        Assert.Equal(ExitCode.Done, (await scene.RunAsync("apply", "--yes")).Code);
        scene.Declare(1, others: [Kim, "{email: lou@example.com, access: {roles: [collaborator]}}"]);
        var (_, text) = await scene.RunAsync("plan");
        var lines = text.Split('\n').ToList();
        Assert.StartsWith("  + invite  lou@example.com", lines[1], StringComparison.Ordinal);
        Assert.Equal(
            [
                "  · unmanaged: a1@example.com is a member with collaborator, and no manifest declares the person",
                "  · unmanaged: a2@example.com is a member with collaborator, and no manifest declares the person",
                "  · unmanaged: a3@example.com is a member with collaborator, and no manifest declares the person",
                "  · 4 more, shown with -v (3 unmanaged, 1 waiting)",
            ],
            lines.Where(l => l.StartsWith("  · ", StringComparison.Ordinal))
        );
        var (_, all) = await scene.RunAsync("plan", "-v");
        Assert.Equal(7, all.Split('\n').Count(l => l.StartsWith("  · ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_is_not_managed_is_named_with_the_reason()
    {
        await using var scene = await RecordScene.StartAsync("bot@example.com", "root@example.com", "boss@example.com");
        scene.Declare(
            5,
            "---\napiVersion: reconciler.dev/v1alpha1\nkind: Guardrail\nmetadata: {name: limits}\n"
                + "spec: {selector: {}, protected: [root@example.com, boss@example.com]}\n"
        );
        var (_, text) = await scene.RunAsync("plan");
        Assert.Contains(
            "3 people not managed: 2 protected by a Guardrail, 1 that Reconciler acts as.\n"
                + "  boss@example.com is protected by a Guardrail (5 projects)\n"
                + "  root@example.com is protected by a Guardrail (5 projects)\n"
                + "  bot@example.com is the account that Reconciler acts as (5 projects)\n",
            text,
            StringComparison.Ordinal
        );
        var (_, document) = await scene.JsonAsync("plan");
        var first = document.GetProperty("projects")[0].GetProperty("notManaged");
        Assert.Equal(3, first.GetArrayLength());
        Assert.Equal("protected", first[0].GetProperty("reason").GetString());
        var (_, masked) = await scene.RunAsync("plan", "--mask-emails");
        Assert.DoesNotContain('@', masked);
        Assert.Contains("is protected by a Guardrail (5 projects)", masked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_by_person_each_person_stands_once_with_all_their_projects()
    {
        await using var scene = await RecordScene.StartAsync("peter@example.com");
        scene.Declare(2, spec: "  prune: all\n", others: Kim);
        var (_, text) = await scene.RunAsync("plan", "--by", "person", "--max-removals", "none");
        Assert.StartsWith(
            "kim@example.com\n"
                + "  + invite  equinix-metal: p1  [collaborator]\n"
                + "      declared and absent (people.yaml:11:5)\n"
                + "  + invite  equinix-metal: p2  [collaborator]\n"
                + "      declared and absent (people.yaml:22:5)\n"
                + "\n"
                + "peter@example.com\n"
                + "  − remove  equinix-metal: p1  [−collaborator]\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("Plan: 2 to invite, 2 to remove, in 2 of 2 projects.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_by_person_a_hold_still_names_its_project_and_how_to_release_it()
    {
        await using var scene = await RecordScene.StartAsync("peter@example.com");
        scene.Declare(2, spec: "  prune: all\n");
        var (_, text) = await scene.RunAsync("plan", "--by", "person", "--max-removals", "1");
        Assert.Contains("  − remove  equinix-metal: p1  [−collaborator]  held\n", text, StringComparison.Ordinal);
        Assert.Contains("  release it once with: reconciler apply", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("markdown")]
    [InlineData("github")]
    public async Task Person_by_person_is_for_text_alone(string format)
    {
        await using var scene = await RecordScene.StartAsync();
        var (code, text) = await scene.RunAsync("plan", "--by", "person", "--format", format);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains($"--by person is for --format text; {format} is by project", text, StringComparison.Ordinal);
    }
}
