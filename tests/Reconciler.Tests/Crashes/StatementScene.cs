using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.State;
using Reconciler.Testing.Hosts.Crashes;
using Reconciler.Testing.State;

namespace Reconciler.Tests.Crashes;

/// <summary>A scene of crashes with its state in PostgreSQL, behind a proxy that stops at statements.</summary>
internal sealed class StatementScene : IAsyncDisposable
{
    /// <summary>The vendor that is written first: ten actions of every kind, one after the other.</summary>
    private const string Vendor = "confident-ai-contract";

    /// <summary>Of all vendors together.</summary>
    private const int Actions = 40;

    /// <summary>An apply to this vendor alone, so that its statements come in one order.</summary>
    public static readonly ImmutableArray<string> One = ["apply", "--yes", "--provider", Vendor];

    private StatementScene(StatementProxy proxy, CrashScene scene) => (Proxy, Scene) = (proxy, scene);

    public StatementProxy Proxy { get; }

    public CrashScene Scene { get; }

    public static async Task<StatementScene> StartAsync()
    {
        var shared = PostgresProcess.Shared;
        var proxy = new StatementProxy(shared.Port);
        var schema = PostgresProcess.SchemaOf(shared.NewUrl());
        return new(proxy, await CrashScene.StartAsync(concurrency: 1, shared.Url(schema, port: proxy.Port)));
    }

    /// <summary>The statements of an apply that nobody disturbs.</summary>
    public static async Task<ImmutableArray<SeenStatement>> StatementsAsync()
    {
        await using var undisturbed = await StartAsync();
        _ = undisturbed.Proxy.StopAt(null);
        var (code, said) = await undisturbed.Scene.RunAsync(One);
        Assert.True(code == ExitCode.Done, said);
        return undisturbed.Proxy.Seen;
    }

    /// <summary>
    /// Gives the right back for a process that is gone. The next would wait for what that one had under way, and a test
    /// knows that there is nothing.
    /// </summary>
    public static void GiveBack(PostgresProcess server, string schema) =>
        server.Run($"UPDATE {schema}.rights SET holder = NULL");

    /// <summary>Applies everything again, and tells what is not as after an apply that nobody disturbed.</summary>
    public async Task<List<string>> CompleteAsync(Undisturbed undisturbed)
    {
        GiveBack(PostgresProcess.Shared, PostgresProcess.SchemaOf(Scene.State));
        var (code, said) = await Scene.RunAsync(["apply", "--yes"]);
        if (code != ExitCode.Done)
            return [$"exit {code}\n{said}"];
        return [.. await TrailAsync(), .. await undisturbed.DifferencesAsync(Scene)];
    }

    // The trail tells each action of the manifests once as done, whoever did it. It may also tell what was intended and
    // not done.
    private async Task<List<string>> TrailAsync()
    {
        await using var store = StateStore.OpenExisting(Scene.State)!;
        var trails = await store.TrailsAsync(TestContext.Current.CancellationToken);
        var wrong = trails
            .Where(t => AuditChain.FirstBroken(t.Entries) is not null)
            .Select(t => $"the trail of {t.BaseUrl} is broken")
            .ToList();
        var done = trails
            .SelectMany(t => t.Entries)
            .Select(e => e.Entry)
            .Where(e => e.Outcome is AuditOutcome.Done or AuditOutcome.SettledDone)
            .GroupBy(e => $"{e.Project.VendorType}: {e.Action} {e.Person}", StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        wrong.AddRange(done.Where(d => d.Value > 1).Select(d => $"told {d.Value} times as done: {d.Key}"));
        if (done.Count != Actions)
            wrong.Add(
                $"{done.Count} actions are told as done, expected {Actions}:\n{string.Join('\n', done.Keys.Order())}"
            );
        return wrong;
    }

    public async ValueTask DisposeAsync()
    {
        await Scene.DisposeAsync();
        Proxy.Dispose();
    }
}
