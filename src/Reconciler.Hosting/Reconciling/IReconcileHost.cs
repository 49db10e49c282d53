using System.Collections.Immutable;

namespace Reconciler.Hosting.Reconciling;

/// <summary>
/// What a host adds to the loop: how some projects of an account are reconciled there, and what follows from it.
/// </summary>
public interface IReconcileHost
{
    /// <summary>
    /// Chooses the accounts that this process reconciles now; other processes reconcile the rest. Called by the loop
    /// each turn.
    /// </summary>
    /// <param name="accounts">The accounts with desired projects.</param>
    IReadOnlyCollection<Account> Choose(IReadOnlyCollection<Account> accounts) => accounts;

    /// <summary>Prepares one reconcile; called by the loop.</summary>
    /// <param name="entries">The projects that are due, all of one account.</param>
    IAccountReconcile Begin(IReadOnlyList<Schedule.Entry> entries);

    /// <summary>
    /// Decides whether the loop goes on after an exception that nobody foresaw, and logs it in that case.
    /// </summary>
    /// <param name="unforeseen">What a continuation threw.</param>
    bool Survives(Exception unforeseen);
}

/// <summary>One reconcile of some projects of one account.</summary>
public interface IAccountReconcile
{
    /// <summary>Reads, plans and applies; runs beside the loop.</summary>
    /// <param name="stopping">Stops it between actions.</param>
    Task<ImmutableArray<ProjectReconcile>> RunAsync(CancellationToken stopping);

    /// <summary>Takes in what became of a project, before it is scheduled again; called by the loop.</summary>
    /// <param name="entry">The project.</param>
    /// <param name="reconcile">What became of it; null where nothing was done.</param>
    /// <param name="took">How long the whole reconcile took.</param>
    /// <returns>What the schedule goes by.</returns>
    ReconcileResult Complete(Schedule.Entry entry, ProjectReconcile? reconcile, TimeSpan took);

    /// <summary>Publishes how everything stands, once every project is completed; called by the loop.</summary>
    void Publish();
}
