using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.Core;

namespace Reconciler.Testing.Engine;

/// <summary>
/// Both ports of one vendor in memory. Each write does what it says, unless a test gives another answer to it.
/// </summary>
public sealed class FakeVendor : IProjectReader, IProjectWriter
{
    private readonly ConcurrentDictionary<string, LiveProject> _projects = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _calls = [];

    /// <summary>
    /// What happens instead of a write; the number says how many writes the same people had before. Null lets the write
    /// happen.
    /// </summary>
    public Func<IReadOnlyList<PlannedAction>, int, Answer?> On { get; set; } = (_, _) => null;

    /// <summary>What a read throws; null reads.</summary>
    public Func<DesiredProject, Exception?> OnRead { get; set; } = _ => null;

    public WriteResult Result { get; set; } = WriteResult.Confirmed;

    public IReadOnlyList<string> Calls => [.. _calls];

    public int Reads { get; private set; }

    public ProviderConnection Connection => new(this, () => this, new MemoryStream());

    public FakeVendor Has(DesiredProject project, LiveProject live)
    {
        _projects[project.Id] = live;
        return this;
    }

    public Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        Reads++;
        return OnRead(project) is { } failure ? throw failure : Task.FromResult(_projects[project.Id]);
    }

    public Task<WriteResult> ApplyAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        var call = $"{actions[0].Kind} {string.Join(", ", actions.Select(a => a.Person.Label))}";
        var before = _calls.Count(c => c == call);
        _calls.Enqueue(call);
        var answer = On(actions, before);
        if (answer?.Done != false)
        {
            lock (_projects)
                _projects[project.Id] = actions.Aggregate(
                    _projects[project.Id],
                    (live, action) => VendorModel.After(live, action, World.Now)
                );
        }

        return answer?.Failure is { } failure ? throw failure : Task.FromResult(Result);
    }
}

/// <summary>An answer that a test gives to a write.</summary>
/// <param name="Done">Whether the write happened all the same.</param>
/// <param name="Failure">What the writer throws; null for a yes.</param>
public sealed record Answer(bool Done, ProviderException? Failure)
{
    public static Answer Lost(bool done) => new(done, new(ProviderFault.Ambiguous, "the answer was lost"));

    public static Answer Fails(ProviderFault fault) => new(false, new(fault, $"the vendor said: {fault}"));
}
