using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.State;
using Reconciler.Testing;
using Reconciler.Testing.State;

namespace Reconciler.Tests;

/// <summary>A state that remembers people, and the real program.</summary>
public abstract class StateScene : IDisposable
{
    protected static readonly ProjectKey Key = TempFolder.Project;
    protected static readonly ProjectKey Other = Key with { ProjectId = "p2" };
    private readonly FakeTimeProvider _clock = new(FakeClock.Morning);

    protected TempFolder Folder { get; } = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected string State => Folder.At(".reconciler/state.db");

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Folder.Dispose();
    }

    protected static LastApplied Applied(string document) =>
        new("people", document, "p1", Reconciler.Core.Manifests.Kinds.DeletionPolicy.Orphan, Limits.BuiltIn);

    protected async Task RememberAsync(ProjectLedger ledger, ProjectKey? key = null, params AuditEntry[] audit)
    {
        using var store = StateStore.OpenOrCreate(State);
        await store.SaveAsync(await store.LoadAsync(key ?? Key, Cancellation), ledger, audit, Cancellation);
    }

    protected async Task<ImmutableArray<StoredLedger>> LoadAsync()
    {
        using var store = StateStore.OpenExisting(State)!;
        return await store.LoadAllAsync(Cancellation);
    }

    protected Task<(int Code, string Text)> RunAsync(params string[] words) => PlayAsync(null, words);

    /// <summary>Runs it where somebody can be asked.</summary>
    protected Task<(int Code, string Text)> AskedAsync(TextReader answer, params string[] words) =>
        PlayAsync(answer, words);

    private async Task<(int Code, string Text)> PlayAsync(TextReader? answer, string[] words)
    {
        using var said = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = said,
            Error = said,
            In = answer ?? TextReader.Null,
            CanAsk = answer is not null,
            Variable = _ => null,
            Folder = Folder.Path,
            Clock = _clock,
        };
        var code = await Cli.RunAsync(["state", .. words], environment, Cancellation);
        return (code, said.ToString());
    }
}
