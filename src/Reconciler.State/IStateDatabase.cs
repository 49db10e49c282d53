using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>What a <see cref="StateStore"/> keeps its rows in: a file, or a schema of a server.</summary>
internal interface IStateDatabase : IDisposable
{
    /// <summary>How people name it in messages: a path or a URL.</summary>
    string Name { get; }

    /// <summary>Whether it may be written; otherwise it is never changed.</summary>
    bool Writes { get; }

    /// <summary>The connection. It may be another one after <see cref="EnsureUsable"/>.</summary>
    StateConnection Connection { get; }

    /// <summary>Whether it is still where it was opened.</summary>
    bool IsInPlace { get; }

    /// <summary>Says why it must not be used any more; null while all is well.</summary>
    string? FindLoss();

    /// <summary>Checks that it can be used, and connects again where that is safe.</summary>
    /// <exception cref="LedgerException">It cannot, and nothing was written.</exception>
    void EnsureUsable();

    /// <summary>Explains a failure in words that follow the name; null if the database is not the cause.</summary>
    string? Explain(Exception failure);

    /// <summary>
    /// Connects again after a failure that lost the connection. Work that failed in such a way has written nothing, and
    /// may be done once more.
    /// </summary>
    /// <returns>Whether the failure was of that kind, and the connection is there again.</returns>
    bool Recovers(Exception failure);

    /// <summary>
    /// Keeps other writers of some accounts out until the transaction under way ends, and checks that this process may
    /// still save there.
    /// </summary>
    /// <param name="projects">Projects of the accounts.</param>
    /// <exception cref="LedgerException">Somebody else has the right to write by now.</exception>
    void Fence(IEnumerable<ProjectKey> projects);

    /// <summary>Commits a transaction.</summary>
    /// <returns>
    /// Null where it is committed; a failure where nobody can tell whether it is, because the answer was lost.
    /// </returns>
    Exception? Commit(StateTransaction transaction);

    /// <summary>
    /// Whether a commit whose answer was lost is known to have failed. It is asked before each save, and answers once.
    /// </summary>
    bool TakeRolledBack();

    /// <summary>Says why no write may begin in an account now; null where it may.</summary>
    string? Objection((string VendorType, string BaseUrl) account);

    /// <summary>Removes what was erased also from the free parts of the storage.</summary>
    void Shred();
}
