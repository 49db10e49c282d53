using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Hosting;
using Reconciler.Options;
using Reconciler.Reports;
using Reconciler.State;

namespace Reconciler.Runs;

/// <summary>A project that a state file names.</summary>
/// <param name="Key">The project.</param>
/// <param name="Document">The document that declared it last; empty where none is known.</param>
internal sealed record NamedProject(ProjectKey Key, string Document)
{
    /// <summary>How a person names it: its document, else the vendor's id.</summary>
    public string Name => Document.Length > 0 ? TextNames.Short(Document) : Key.ProjectId;

    /// <summary>Whether a person's word for a project means this one.</summary>
    public bool IsNamed(string word) =>
        word == Document
        || word == Key.ProjectId
        || (Document.Length > 0 && word == Document[(Document.IndexOf('/', StringComparison.Ordinal) + 1)..]);
}

/// <summary>One run of a <c>state</c> verb: the file found, failures told.</summary>
/// <param name="environment">Gets what is told.</param>
/// <param name="noColour">Whether it is told without colour.</param>
/// <param name="given">The state as it was named.</param>
internal sealed class StateSession(CliEnvironment environment, bool noColour, GivenState given)
{
    /// <summary>The full path of the file, or the URL.</summary>
    public string FullPath { get; } = StatePlace.Full(given.Place, environment.Folder);

    public Palette Palette { get; } = environment.Palette(noColour);

    /// <summary>Reads the state without changing it; fails where there is no state file.</summary>
    public async Task<int> ReadAsync(Func<StateStore, Task<int>> act) =>
        await GuardAsync(async () =>
        {
            await using var store = StateStore.OpenExisting(FullPath, mayBeOutdated: true);
            return store is null
                ? Fail(
                    given.Tell(
                        $"nothing is remembered: {StatePlace.Name(given.Place)} does not exist or is empty; apply "
                            + $"makes it, and --state or {StatePlace.Variable} names another"
                    )
                )
                : await act(store);
        });

    /// <summary>Does something, and tells what about the file prevents it.</summary>
    public async Task<int> GuardAsync(Func<Task<int>> act)
    {
        try
        {
            if (!StatePlace.IsServer(FullPath))
                StatePath.Check(FullPath);
            return await act();
        }
        catch (LedgerException failure)
        {
            return Fail(given.Tell(failure.Message));
        }
    }

    public int Fail(string message)
    {
        ProblemReport.WriteError(environment.Error, Palette, message);
        return ExitCode.Failed;
    }

    /// <summary>Finds the project that a person named.</summary>
    /// <param name="word">Its document's namespace and name, or name, or the vendor's id.</param>
    /// <param name="known">The projects there are.</param>
    /// <param name="found">The project.</param>
    /// <returns>What is wrong with the name; null where it names one project.</returns>
    public string? Find(string word, IReadOnlyCollection<NamedProject> known, out NamedProject? found)
    {
        var meant = known.Where(p => p.IsNamed(word)).ToList();
        found = meant.Count == 1 ? meant[0] : null;
        if (found is not null)
            return null;
        if (meant.Count == 0)
            return $"{StatePlace.Name(given.Place)} remembers no project {ProblemText.Quote(word)}"
                + ProblemText.DidYouMean(word, known.SelectMany(p => new[] { p.Name, p.Key.ProjectId }));
        return $"several projects are named {ProblemText.Quote(word)}; name one by the vendor's id: "
            + string.Join(", ", meant.Select(p => $"{p.Key.ProjectId} ({p.Document} at {p.Key.BaseUrl})"));
    }

    /// <summary>The projects that are remembered.</summary>
    public static IEnumerable<NamedProject> Named(IEnumerable<StoredLedger> stored) =>
        stored.Select(s => new NamedProject(s.Key, s.Ledger?.Applied?.Document ?? ""));
}
