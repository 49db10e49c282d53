using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.Sources.Git;
using Reconciler.Testing.State;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>
/// A repository with manifests on a private host, and the vendor that they are about: four people are members, and the
/// manifests declare them.
/// </summary>
internal sealed class CiScene : IAsyncDisposable
{
    public const string VendorToken = "t-vendor";
    public const string Tag = "reconciler-applied";
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string GitToken = "reconciler:git-token";
    private const string Provider = "clarifeye-eu";

    private readonly GitRepository _repository = new();
    private SandboxServer _sandbox = null!;
    private GitServer _git = null!;
    private ForgeServer _forge = null!;
    private string? _schema;
    private string? _reader;

    private CiScene() => Forge = new(_repository);

    public Forge Forge { get; }

    /// <summary>The address of the repository's page, on GitLab.</summary>
    public string ProjectUrl => _git.Url[..^".git".Length];

    /// <summary>The token that may push.</summary>
    public static string PushToken => GitToken.Split(':')[1];

    public string ForgeUrl => _forge.Url;

    /// <summary>The address of the repository with a job's token in it, as GitLab gives it.</summary>
    public string UrlWithToken => _git.Url.Replace("://", $"://{GitToken}@", StringComparison.Ordinal);

    /// <summary>The words that send the vendor's requests to the sandbox, one a line.</summary>
    public string Arguments => $"--base-url\n{Provider}={_sandbox.BaseUrl(Provider)}";

    /// <summary>The inputs of an action that runs the program beside the tests against the sandbox.</summary>
    public IReadOnlyDictionary<string, string> With =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["program"] = TestedProgram.Path,
            ["arguments"] = Arguments,
        };

    public long Writes => _sandbox.NonGetCount;

    public IEnumerable<string> Members => _sandbox.Connection(Provider).Members(ProjectId).Select(m => m.Email);

    public IEnumerable<string> Invited => _sandbox.Connection(Provider).Invitations(ProjectId).Select(i => i.Email);

    public void RemoveMember(string email) => _sandbox.Connection(Provider).RemoveMember(ProjectId, email);

    /// <summary>The URL of the state that jobs of an environment get; null where there is none.</summary>
    public string? StateOf(string? environment) =>
        (_schema, environment) switch
        {
            ({ } schema, "reconciler-plan") => PostgresProcess.Shared.Url(schema, _reader ?? "postgres"),
            ({ } schema, "reconciler-apply") => PostgresProcess.Shared.Url(schema, PostgresProcess.Locked),
            _ => null,
        };

    /// <summary>The password that those jobs get with it.</summary>
    public string? StatePasswordOf(string? environment) =>
        _schema is not null && environment == "reconciler-apply" ? PostgresProcess.LockedPassword : null;

    /// <summary>
    /// Gives the jobs a state in PostgreSQL, which an apply made: those that plan may only read there, and those that
    /// apply need a password.
    /// </summary>
    /// <param name="apply">Applies what is declared now, in a job.</param>
    public async Task UseStateAsync(Func<Task> apply)
    {
        var server = PostgresProcess.Shared;
        server.MakeLocked();
        _schema = PostgresProcess.SchemaOf(server.NewUrl());
        await apply();
        _reader = server.MakeReader(_schema);
    }

    /// <summary>What the state remembers: each action with its person and the run that did it.</summary>
    public List<string> History()
    {
        using var connection = PostgresProcess.Shared.Connect(_schema);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT action || ' ' || person || ' ' || run FROM access_history ORDER BY number";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }

    public string Head => _repository.Find("refs/heads/main")!;

    public string Applied => _repository.Find($"refs/tags/{Tag}")!;

    public static async Task<CiScene> StartAsync()
    {
        Shell.SkipUnlessThere();
        var scene = new CiScene();
        SeedMember[] members = [.. Old(1, 2, 3, 4).Select(e => new SeedMember(e, Access))];
        scene._sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = VendorToken, Projects = [new(ProjectId, Provider) { Members = [.. members] }] },
            },
            TestContext.Current.CancellationToken
        );
        scene._git = await GitServer.StartAsync(scene._repository);
        scene._git.Credentials = GitToken;
        scene._repository.Git("config", "http.receivepack", "true");
        scene._forge = await ForgeServer.StartAsync(scene.Forge);
        var first = scene._repository.Commit(
            "Declare who has access",
            ("access/connections/clarifeye.yaml", Connection("https://eu.app.clarifeye.ai/api/v1")),
            Guardrail(1),
            ("access/people/projects.yaml", People(Old(1, 2, 3, 4))),
            ("README.md", "Who has access")
        );
        scene._repository.Point($"refs/tags/{Tag}", first);
        return scene;
    }

    public async ValueTask DisposeAsync()
    {
        await _forge.DisposeAsync();
        await _git.DisposeAsync();
        await _sandbox.DisposeAsync();
        _repository.Dispose();
    }

    /// <summary>A branch from main, or one more commit of it, with a change.</summary>
    /// <returns>The newest commit.</returns>
    public string Change(string branch, params GitChange[] changes)
    {
        if (_repository.Find($"refs/heads/{branch}") is null)
            _repository.Point($"refs/heads/{branch}", Head);
        return _repository.CommitTo(branch, $"Change {branch}", changes);
    }

    /// <summary>A branch that declares other people.</summary>
    public string Declare(string branch, params string[] people) =>
        Change(branch, ("access/people/projects.yaml", People(people)));

    /// <summary>The commit that merges a branch into main, as it is now.</summary>
    public string Merged(string branch)
    {
        var (head, change) = (Head, _repository.Find($"refs/heads/{branch}")!);
        var tree = _repository.Git("merge-tree", "--write-tree", head, change).Trim();
        return _repository.Git("commit-tree", "-p", head, "-p", change, "-m", $"Merge {branch}", tree).Trim();
    }

    /// <summary>Merges a pull request.</summary>
    /// <returns>The commit of main before it, and after it.</returns>
    public (string Before, string After) Merge(string branch, int number)
    {
        var (before, after) = (Head, Merged(branch));
        _repository.Point("refs/heads/main", after);
        Forge.MergedBy[after] = number;
        return (before, after);
    }

    /// <summary>What actions/checkout does in a private repository, without leaving its token behind.</summary>
    public void CheckOut(string folder, WorkflowEvent started, bool isWhole)
    {
        _repository.Point("refs/pull/1/merge", started.Commit);
        Within(folder, "init", "--quiet");
        string[] what = isWhole
            ?
            [
                "+refs/heads/*:refs/remotes/origin/*",
                "+refs/tags/*:refs/tags/*",
                $"+{started.Commit}:refs/remotes/pull/1",
            ]
            : ["--depth=1", "--no-tags", $"+{started.Commit}:refs/remotes/pull/1"];
        Within(folder, ["fetch", "--quiet", UrlWithToken, .. what]);
        Within(folder, "remote", "add", "origin", _git.Url);
        Within(folder, "checkout", "--quiet", "--detach", started.Commit);
    }

    /// <summary>What GitLab's runner does: the commit with its history, no other branch or tag, the token in the URL.</summary>
    public void Clone(string folder, string commit)
    {
        _repository.Point("refs/pipelines/1", commit);
        Within(folder, "init", "--quiet");
        Within(folder, "remote", "add", "origin", UrlWithToken);
        Within(folder, "fetch", "--quiet", "--no-tags", "origin", "+refs/pipelines/1:refs/pipelines/1");
        Within(folder, "checkout", "--quiet", "--detach", commit);
    }

    /// <summary>Runs git in a work tree.</summary>
    public void Within(string folder, params string[] words) =>
        _repository.Git(
            ["-C", folder, .. words],
            null,
            new Dictionary<string, string> { ["GIT_DIR"] = Path.Combine(folder, ".git") }
        );

    /// <summary>Shows what a job printed where the test fails.</summary>
    public static void Report(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    public void ReportComments()
    {
        foreach (var comment in Forge.Comments.Values.SelectMany(c => c).Where(c => c.Author == Forge.Bot))
            Report(comment.Body);
    }

    public static string[] Old(params int[] numbers) => [.. numbers.Select(n => $"old{n}@example.com")];

    public static GitChange Guardrail(int removals) => Limits($"maxRemovals: {{count: {removals}}}");

    public static string Connection(string url) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{Provider}}}}
            spec:
              type: clarifeye
              baseUrl: {{{url}}}
              credentials: {token: {env: RECONCILER_CLARIFEYE_TOKEN}}
              actingAs: bot@example.com
            """;

    /// <summary>A project with people; after an address may stand when its access ends.</summary>
    public static string People(params string[] people) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: fraud-detection}
            spec:
              provider: {{{Provider}}}
              projectId: {{{ProjectId}}}
              members:

            """ + string.Concat(people.Select(p => $"  - {Entry(p.Split(' '))}\n"));

    private static string Entry(string[] words) =>
        $"{{email: {words[0]}, access: {{permissions: [CAN_VIEW_DATA]}}"
        + $"{(words.Length > 1 ? $", expiresAt: {words[1]}" : "")}}}";

    /// <summary>At most one removal an hour, over all runs.</summary>
    public static GitChange OneRemovalAnHour => Limits("maxRemovalsPerProvider: {count: 1, window: 1h}");

    private static GitChange Limits(string limit) =>
        (
            "access/guardrails/limits.yaml",
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: Guardrail
            metadata: {name: limits}
            spec: {selector: {}, {{{limit}}}}
            """
        );

    private static SandboxAccess Access => SandboxAccess.Permissions("CAN_VIEW_DATA");
}
