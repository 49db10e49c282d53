using Reconciler.Testing.Sources.Git;

namespace Reconciler.Tests;

/// <summary>A plan names the commit that took out the entry of somebody whom it removes.</summary>
public sealed class RemovalCommitTests
{
    private const string Peter = "{email: peter@example.com, access: {roles: [collaborator]}}";
    private const string Crew = "{team: crew, access: {roles: [collaborator]}}";
    private const string Kim = "{email: kim@example.com, access: {roles: [collaborator]}}";

    [Fact]
    public async Task The_commit_is_named_with_its_subject_and_author()
    {
        await using var scene = await AppliedAsync(Peter);
        scene.Declare(5);
        var commit = Commit(scene, "Peter left the billing crew");
        var text = await PlanAsync(scene);
        Assert.Contains(
            "  − remove  peter@example.com  [−collaborator]\n"
                + "      not declared any more; prune: owned (people.yaml:4:18)\n"
                + $"      taken out by {commit} “Peter left the billing crew”, Ada Lovelace\n",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_later_commit_that_says_nothing_of_the_person_is_not_named()
    {
        await using var scene = await AppliedAsync(Peter);
        scene.Declare(5);
        var commit = Commit(scene, "Take Peter out");
        scene.Declare(5, others: "{email: petra@example.com, access: {roles: [collaborator]}}");
        Commit(scene, "Petra joins");
        Assert.Contains($"taken out by {commit} “Take Peter out”", await PlanAsync(scene), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_a_team_is_the_commit_that_changed_the_team()
    {
        await using var scene = await AppliedAsync([Team("peter@example.com")], Crew);
        scene.Declare(5, Team("kim@example.com"), others: Crew);
        var commit = Commit(scene, "Kim follows Peter");
        Assert.Contains($"taken out by {commit} “Kim follows Peter”", await PlanAsync(scene), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taking_a_team_out_of_a_project_is_named_for_everybody_in_it()
    {
        await using var scene = await AppliedAsync([Team("peter@example.com")], Crew);
        scene.Declare(5, Team("peter@example.com"));
        var commit = Commit(scene, "The crew needs no access");
        scene.Declare(5, Team("kim@example.com"));
        Commit(scene, "Kim follows Peter");
        var text = await PlanAsync(scene);
        Assert.Contains($"taken out by {commit} “The crew needs no access”", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Kim follows Peter", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_projects_commit_is_not_named()
    {
        await using var scene = await AppliedAsync(Peter);
        var all = File.ReadAllText(Path.Combine(scene.Folder, "people.yaml"));
        var without = all.Replace($"  - {Peter}\n", "", StringComparison.Ordinal);
        var second = all.IndexOf("metadata: {name: p2}", StringComparison.Ordinal);
        scene.Write(
            "people.yaml",
            without[..without.IndexOf("metadata: {name: p2}", StringComparison.Ordinal)] + all[second..]
        );
        var first = Commit(scene, "Out of the first");
        scene.Write("people.yaml", without);
        var others = Commit(scene, "Out of the others");
        var text = await PlanAsync(scene);
        Assert.Equal(1, Count(text, first));
        Assert.Equal(4, Count(text, others));
    }

    [Fact]
    public async Task A_line_that_only_moved_was_not_taken_out_then()
    {
        await using var scene = await AppliedAsync(Peter);
        scene.Declare(5, others: [Kim, Peter]);
        Commit(scene, "Sort the entries");
        scene.Declare(5, others: [Kim]);
        var commit = Commit(scene, "Peter left");
        var text = await PlanAsync(scene);
        Assert.Equal(5, Count(text, commit));
        Assert.DoesNotContain("Sort the entries", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_only_commented_out_is_taken_out()
    {
        await using var scene = await AppliedAsync(Peter);
        scene.Declare(5, others: $"{{email: kim@example.com, access: {{roles: [collaborator]}}}} # {Peter}");
        var commit = Commit(scene, "Comment Peter out");
        Assert.Equal(5, Count(await PlanAsync(scene), commit));
    }

    [Fact]
    public async Task What_is_not_committed_names_no_commit_even_where_an_older_one_fits()
    {
        await using var scene = await AppliedAsync(Peter);
        scene.Declare(5);
        Commit(scene, "Peter leaves");
        scene.Declare(5, others: Peter);
        Commit(scene, "Peter is back");
        scene.Declare(5);
        var text = await PlanAsync(scene);
        Assert.Contains("− remove  peter@example.com", text, StringComparison.Ordinal);
        Assert.DoesNotContain("taken out", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_git_the_plan_is_the_same_without_a_commit()
    {
        await using var scene = await RecordScene.StartAsync("peter@example.com");
        scene.Declare(5, others: Peter);
        Assert.Equal(ExitCode.Done, (await scene.RunAsync("apply", "--yes")).Code);
        scene.Declare(5);
        var text = await PlanAsync(scene);
        Assert.Contains("5 to re", text, StringComparison.Ordinal);
        Assert.DoesNotContain("taken out", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_masked_plan_names_the_commit_alone_since_its_words_may_name_the_person()
    {
        await using var scene = await AppliedAsync(Peter);
        scene.Declare(5);
        var commit = Commit(scene, "Peter Smith <peter@example.com> left");
        var text = await PlanAsync(scene, "--mask-emails");
        Assert.Contains($"      taken out by {commit}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Smith", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_subject_is_escaped_and_cut_to_80_columns()
    {
        await using var scene = await AppliedAsync(Peter);
        scene.Declare(5);
        Commit(scene, $"\u202epeter \u001b[31m{new string('x', 200)}");
        var line = (await PlanAsync(scene)).Split('\n').First(l => l.Contains("taken out", StringComparison.Ordinal));
        Assert.True(line.Length <= 80, line);
        Assert.Contains("…”, Ada Lovelace", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', line);
        Assert.DoesNotContain('\u001b', line);
        Assert.Contains("```diff", await PlanAsync(scene, "--format", "markdown"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_JSON_has_the_commit_and_the_digest_does_not_depend_on_it()
    {
        await using var scene = await AppliedAsync(Peter);
        scene.Declare(5);
        var (_, before) = await scene.JsonAsync("plan");
        var commit = Commit(scene, "Peter left");
        var (_, after) = await scene.JsonAsync("plan");
        Assert.Equal(before.GetProperty("digest").GetString(), after.GetProperty("digest").GetString());
        var by = after.GetProperty("projects")[0].GetProperty("actions")[0].GetProperty("removedBy");
        Assert.StartsWith(commit, by.GetProperty("commit").GetString(), StringComparison.Ordinal);
        Assert.Equal("Peter left", by.GetProperty("subject").GetString());
    }

    private static Task<RecordScene> AppliedAsync(string entry) => AppliedAsync([""], entry);

    private static async Task<RecordScene> AppliedAsync(string[] more, string entry)
    {
        var scene = await RecordScene.StartAsync("peter@example.com");
        GitWorkTree.Run(scene.Folder, "init", "--quiet");
        scene.Declare(5, more[0], others: entry);
        Commit(scene, "Everybody");
        var (code, text) = await scene.RunAsync("apply", "--yes");
        Assert.True(code == ExitCode.Done, text);
        return scene;
    }

    private static string Team(string member) =>
        "---\napiVersion: reconciler.dev/v1alpha1\nkind: Team\nmetadata:\n  name: crew\nspec:\n  members:\n"
        + $"  - {{email: {member}}}\n";

    private static async Task<string> PlanAsync(RecordScene scene, params string[] more) =>
        (await scene.RunAsync(["plan", .. more])).Text;

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string Commit(RecordScene scene, string subject)
    {
        GitWorkTree.Run(scene.Folder, "add", "people.yaml", "connections.yaml");
        GitWorkTree.Run(
            scene.Folder,
            "-c",
            "user.name=Ada Lovelace",
            "-c",
            "user.email=ada@x.example",
            "commit",
            "-q",
            "-m",
            subject
        );
        return GitWorkTree.Run(scene.Folder, "rev-parse", "HEAD")[..10];
    }
}
