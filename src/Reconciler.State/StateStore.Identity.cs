using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Which file a store has open, and whether it still lies where it lay.</summary>
public sealed partial class StateStore
{
    /// <summary>The name of this state: a copy has it too, a new file has another.</summary>
    public string Id => StateIdentity.Of(_connection);

    /// <summary>Whether somebody wants this file to take the place of a worker's that is lost.</summary>
    public bool IsConfirmed => StateIdentity.IsConfirmed(_connection);

    /// <summary>Says that this file may take the place of a worker's that is lost.</summary>
    /// <exception cref="LedgerException">It cannot be written.</exception>
    public void Confirm() =>
        StateErrors.Guard(
            _path,
            () =>
            {
                StateIdentity.Confirm(_connection, isConfirmed: true);
                return true;
            }
        );

    /// <summary>The file has taken the place: a copy of it is not confirmed with it.</summary>
    public void EndConfirmation() =>
        StateErrors.Guard(
            _path,
            () =>
            {
                if (IsConfirmed)
                    StateIdentity.Confirm(_connection, isConfirmed: false);
                return true;
            }
        );

    /// <summary>
    /// Whether the file at a path is the one that this store has open: a file that was deleted stays writable for
    /// whoever has it open, and what is written to it is lost.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <exception cref="LedgerException">The file there cannot be read.</exception>
    /// <param name="cancellation">Stops before anything is written.</param>
    public Task<bool> IsAtAsync(string path, CancellationToken cancellation) =>
        RunAsync(
            () =>
            {
                var mark = Guid.NewGuid().ToString("N");
                StateIdentity.Mark(_connection, mark);
                using var other = StateFile.OpenToRead(Path.GetFullPath(path), DefaultPatience);
                return other.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'about'") > 0
                    && StateIdentity.MarkOf(other) == mark;
            },
            cancellation
        );
}
