using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Sources.Git.Removals;
using Reconciler.Testing.Sources.Git;

namespace Reconciler.Sources.Tests.Git;

/// <summary>The search for the commits that took entries out costs little, however much there is to look for.</summary>
public sealed class RemovalHistoryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-removals-");

    private static TeamsNow NoTeams => TeamsNow.Of(new ManifestSet());

    [Fact]
    public async Task Only_the_first_200_entries_are_looked_for()
    {
        Run("init", "--quiet");
        Commit(201);
        Commit(0);
        var history = new RemovalHistory(_folder.FullName, ["people.yaml"]) { Deadline = TimeSpan.FromMinutes(1) };
        var found = await history.FindAsync(
            [.. Enumerable.Range(1, 201).Select(Entry)],
            NoTeams,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(200, found.Count);
        Assert.Contains(Entry(200), found.Keys);
        Assert.DoesNotContain(Entry(201), found.Keys);
    }

    [Fact]
    public async Task A_login_counts_as_the_value_of_its_field_alone()
    {
        Run("init", "--quiet");
        Commit("  - {email: bo@x.example, reason: ask ana}\n  - {person: ana}\n  - {login: \"Ana\", id: 7}\n");
        Commit("  - {email: bo@x.example, reason: ask ana}\n  - {person: ana}\n", "Ana leaves");
        Commit("  - {email: bo@x.example}\n  - {login: mona, reason: follows ana}\n");
        var history = new RemovalHistory(_folder.FullName, ["people.yaml"]) { Deadline = TimeSpan.FromMinutes(1) };

        var entry = new RemovedEntry("default/p", "ana") { Aliases = ["7"] };
        var found = await history.FindAsync([entry], NoTeams, TestContext.Current.CancellationToken);

        Assert.Equal("Ana leaves", Assert.Single(found).Value.Subject);
    }

    [Theory]
    [InlineData("{email: o'brien@x.example}", "o'brien@x.example")]
    [InlineData("{email: 'ana@x.example'}", "ana@x.example")]
    [InlineData("{\"email\": \"ana@x.example\"}", "ana@x.example")]
    [InlineData("{email: a#b@x.example} # leaves in May", "a#b@x.example")]
    [InlineData("{login: another-now, id: 7}", "7")]
    [InlineData("{userId: \"7\"}", "7")]
    public async Task An_entry_is_found_however_it_names_somebody(string entry, string word)
    {
        Run("init", "--quiet");
        Commit($"  - {entry}\n  - {{email: bo@x.example}}\n");
        Commit("  - {email: bo@x.example}\n", "One leaves");
        var history = new RemovalHistory(_folder.FullName, ["people.yaml"]) { Deadline = TimeSpan.FromMinutes(1) };

        var removed = new RemovedEntry("default/p", "nobody") { Aliases = [word] };
        var found = await history.FindAsync([removed], NoTeams, TestContext.Current.CancellationToken);

        Assert.Equal("One leaves", Assert.Single(found).Value.Subject);
    }

    [Fact]
    public void The_deadline_ends_the_search_inside_a_commit_too()
    {
        var search = new RemovalSearch(Entry(1), NoTeams);
        var commit = new CommitChanges("0123456789", "Ada", "Everybody leaves");
        Assert.Throws<OperationCanceledException>(() =>
            RemovalHistory.Look([search], commit, new CancellationToken(canceled: true))
        );
        Assert.False(search.IsOver);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static RemovedEntry Entry(int number) => new("default/p", Address(number));

    private static string Address(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"person{number}@x.example");

    private void Commit(int people) =>
        Commit(string.Concat(Enumerable.Range(1, people).Select(i => $"  - {{email: {Address(i)}}}\n")));

    private void Commit(string entries, string subject = "Change people")
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "people.yaml"),
            $"kind: ProjectMembership\nmetadata: {{name: p}}\nspec:\n  members:\n{entries}"
        );
        Run("add", "people.yaml");
        Run("-c", "user.name=Ada", "-c", "user.email=ada@x.example", "commit", "--quiet", "--message", subject);
    }

    private void Run(params string[] words) => GitWorkTree.Run(_folder.FullName, words);
}
