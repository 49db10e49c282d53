using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Hosting;
using Reconciler.Hosting.Reconciling;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.State;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Sources.Git;
using Reconciler.Worker.Settings;
using static Reconciler.Testing.Hosts.Worker.WorkerScene;

namespace Reconciler.Worker.Tests;

/// <summary>
/// A worker on a real git server, over HTTP, with the four imitated vendors: everything between a push and the people.
/// </summary>
public sealed class WorkerGitTests : IDisposable
{
    private const string Secret = "a-webhook-secret-of-tests";
    private static readonly VendorRow Clarifeye = Vendors.Single(v => v.Type == "clarifeye");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-follow-");

    [Fact]
    public async Task A_push_converges_a_broken_one_does_not_and_neither_a_rewritten_nor_a_deleted_one_locks_anybody_out()
    {
        await using var vendors = await SandboxServer.StartAsync(new() { Seed = Seed() }, Cancellation);
        using var repository = new GitRepository();
        await using var git = await GitServer.StartAsync(repository);
        repository.Commit("begin", Changes(vendors, "", "ana@example.com"));
        var worker = WorkerHost.Create(Settings(vendors, git.Url), Environment());
        await using var disposed = worker;
        await worker.StartAsync(Cancellation);
        await UntilAsync(worker, s => s.Projects.Length == 4 && s.Projects.All(p => p.State == ProjectState.Converged));
        Assert.All(Vendors, v => Assert.Equal(1, vendors.Connection(v.Connection).MailsTo("ana@example.com")));

        // A push and its webhook.
        var pushed = repository.Commit("bob", Changes(vendors, "", "ana@example.com", "bob@example.com"));
        Assert.Equal(202, await PushedAsync(worker));
        await UntilAsync(
            worker,
            s =>
                s.Source.Revision == pushed
                && s.Projects.All(p => p.State == ProjectState.Converged && !p.IsRunning)
                && Vendors.All(v => vendors.Connection(v.Connection).MailsTo("bob@example.com") == 1)
        );

        // A broken one: the last good one stays in force.
        var broken = repository.Commit(
            "broken",
            ("access/broken.yaml", "apiVersion: reconciler.dev/v1alpha1\nkind: Teem\nmetadata: {name: x}\n")
        );
        worker.Loop.WakeSource();
        await UntilAsync(worker, s => s.Source.BrokenRevision == broken);
        Assert.Equal(pushed, worker.Loop.Status.Source.Revision);

        // History rewritten: what it says now counts, whatever came before.
        var rewritten = repository.Rewrite(
            "anew",
            Changes(vendors, "", "ana@example.com", "bob@example.com", "carol@example.com")
        );
        worker.Loop.WakeSource();
        await UntilAsync(
            worker,
            s =>
                s.Source.Revision == rewritten
                && s.Source.BrokenRevision is null
                && Vendors.All(v => vendors.Connection(v.Connection).MailsTo("carol@example.com") == 1)
        );

        // The folder is gone: that is no wish to remove everybody.
        repository.Rewrite("oops", ("README.md", "moved"));
        worker.Loop.WakeSource();
        await UntilAsync(worker, s => s.Source.Failure is not null);
        Assert.Contains("access", worker.Loop.Status.Source.Failure, StringComparison.Ordinal);
        Assert.Equal(rewritten, worker.Loop.Status.Source.Revision);
        await worker.StopAsync();
        await worker.DisposeAsync();

        // Started again while the newest is broken: what was in force still is.
        await using var again = WorkerHost.Create(Settings(vendors, git.Url), Environment());
        await again.StartAsync(Cancellation);
        await UntilAsync(
            again,
            s =>
                s.Source.Failure is not null
                && s.Source.Revision == rewritten
                && s.Projects.Length == 4
                && s.Projects.All(p => p.State == ProjectState.Converged)
        );
        await again.StopAsync();
        Assert.All(Vendors, v => Assert.Equal(1, vendors.Connection(v.Connection).MailsTo("ana@example.com")));
        await NamesItselfAsync(pushed);
    }

    // Every entry says who did it, and by which commit; a copy of one commit cannot tell who wrote a line.
    private async Task NamesItselfAsync(string revision)
    {
        using var store = Reconciler.State.StateStore.OpenExisting(Path.Combine(_folder.FullName, "state.db"))!;
        var entries = await store.HistoryAsync(new() { Person = "bob@example.com" }, Cancellation);
        Assert.NotEmpty(entries);
        Assert.All(entries, e => Assert.StartsWith("worker as ", e.Origin.Actor, StringComparison.Ordinal));
        Assert.All(
            entries,
            e =>
                Assert.Equal(
                    (revision, "author unknown (shallow)", ServiceOrigin.Program),
                    (e.Origin.Revision, e.Origin.Author, e.Origin.Program)
                )
        );
        Assert.All(
            await store.TrailsAsync(Cancellation),
            t => Assert.Null(Reconciler.Core.Ledgers.AuditChain.FirstBroken(t.Entries))
        );
    }

    [Fact]
    public async Task Deleting_the_documents_of_many_people_is_held_by_the_limits()
    {
        string[] thirty = [.. Enumerable.Range(1, 30).Select(n => $"user{n:00}@example.com")];
        await using var vendors = await SandboxServer.StartAsync(new() { Seed = Seed(thirty) }, Cancellation);
        using var repository = new GitRepository();
        repository.Commit("begin", Changes(vendors, "  deletionPolicy: revoke", thirty));
        await using var worker = WorkerHost.Create(Settings(vendors, repository.Url), Environment());
        await worker.StartAsync(Cancellation);
        await UntilAsync(worker, s => s.Projects.Length == 4 && s.Projects.All(p => p.State == ProjectState.Converged));
        repository.Commit("delete", ($"access/{Clarifeye.Connection}.yaml", null));
        worker.Loop.WakeSource();
        await UntilAsync(worker, s => s.Projects.Any(p => p is { State: ProjectState.Held, Project.IsDeleted: true }));
        Assert.Equal(31, vendors.Connection(Clarifeye.Connection).Members(Clarifeye.ProjectId).Count);
        await worker.StopAsync();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task UntilAsync(WorkerHost worker, Func<WorkerStatus, bool> holds) =>
        Eventually.Async(() => holds(worker.Loop.Status), () => Words(worker.Loop.Status));

    private static string Words(WorkerStatus status) =>
        $"{status.Source}; {string.Join("; ", status.Source.Problems)}; "
        + $"{string.Join("; ", status.Projects.Select(p => $"{p.Project.Id} {p.State} {p.Error}"))}";

    private static SandboxSeed Seed(params IEnumerable<string> clarifeye) =>
        new()
        {
            Token = Token,
            Projects =
            [
                .. Vendors.Select(v =>
                    v.Prepare(
                        new(v.ProjectId, v.Connection)
                        {
                            Members =
                            [
                                new(Bot, v.SeedGreater),
                                .. v == Clarifeye ? clarifeye.Select(e => new SeedMember(e, v.SeedLesser)) : [],
                            ],
                        }
                    )
                ),
            ],
        };

    private static GitChange[] Changes(SandboxServer vendors, string more, params IEnumerable<string> emails)
    {
        var providers = string.Join(
            "\n---\n",
            Vendors.Select(v =>
                $$$"""
                    apiVersion: reconciler.dev/v1alpha1
                    kind: AccessProvider
                    metadata: {name: {{{v.Connection}}}}
                    spec:
                      type: {{{v.Type}}}
                      baseUrl: {{{vendors.BaseUrl(v.Connection)}}}
                      credentials: {token: {env: RECONCILER_WORKER_TEST_TOKEN}}
                      actingAs: {{{Bot}}}
                    """
            )
        );
        return
        [
            ("access/providers.yaml", providers),
            .. Vendors
                .Select(v => Project(v, more, v == Clarifeye || emails.Count() < 10 ? emails : []))
                .Select(p => (GitChange)($"access/{p.Name}", p.Text)),
        ];
    }

    private HostEnvironment Environment() =>
        new(new(ProgramVendors.All, [], TimeProvider.System), folder => new TokenReader(_ => Token, folder, []))
        {
            Variable = _ => Token,
            Folder = _folder.FullName,
            Logs = NullLoggerProvider.Instance,
        };

    private WorkerSettings Settings(SandboxServer vendors, string url)
    {
        var secret = Path.Combine(_folder.FullName, "webhook");
        File.WriteAllText(secret, Secret);
        return new()
        {
            Source = new()
            {
                Git = new()
                {
                    Url = url,
                    Branch = "main",
                    Path = "access",
                    Interval = new("1h", TimeSpan.FromHours(1)),
                },
            },
            State = Path.Combine(_folder.FullName, "state.db"),
            AllowHosts = ["127.0.0.1"],
            Operations = new() { Listen = "127.0.0.1:0" },
            Webhook = new() { Listen = "127.0.0.1:0", SecretFile = secret },
        };
    }

    private static async Task<int> PushedAsync(WorkerHost worker)
    {
        using var http = new HttpClient();
        var body = "{\"ref\": \"refs/heads/main\"}"u8.ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{worker.Urls["webhook"].TrimEnd('/')}/webhook")
        {
            Content = new ByteArrayContent(body),
        };
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add(
            "X-Hub-Signature-256",
            $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body))}"
        );
        using var answer = await http.SendAsync(request, Cancellation);
        return (int)answer.StatusCode;
    }
}
