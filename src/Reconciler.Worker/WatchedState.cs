using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Hosting;
using Reconciler.Sources;
using Reconciler.State;

namespace Reconciler.Worker;

/// <summary>
/// Watches a worker's state file. Where it is deleted or replaced, nothing is read or saved, so that nothing is written
/// at any vendor: with an empty state people who declined or left would be invited again. A restored copy is used at
/// once; a new file only once it is confirmed.
/// </summary>
public sealed partial class WatchedState : ILedgerStore, IApprovalMemory, IDisposable
{
    private readonly string _path;
    private readonly string _idFile;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<StateStore> _opened = [];
    private volatile StateStore? _store;
    private volatile string? _trouble;
    private string _known;

    private WatchedState(string path, string idFile) => (_path, _idFile, _known) = (path, idFile, ReadId(idFile));

    /// <summary>Why the state cannot be used, as of the last look; null where it can.</summary>
    public string? Trouble => _trouble;

    /// <summary>The state file, or the URL of PostgreSQL.</summary>
    internal string FilePath => StatePlace.Name(_path);

    /// <inheritdoc/>
    public bool SavesEachWrite => true;

    /// <inheritdoc/>
    public string? Objection(string vendorType, string baseUrl) => _trouble ?? _store?.Objection(vendorType, baseUrl);

    /// <summary>Opens a state file, and creates it where this worker never had one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="workFolder">A folder of the worker's own, where the id of the state file is kept across
    /// restarts.</param>
    /// <exception cref="LedgerException">It cannot be opened.</exception>
    public static WatchedState Open(string path, string workFolder)
    {
        var state = new WatchedState(path, Path.Combine(workFolder, "state-id"));
        try
        {
            if (state._known.Length == 0)
                state.Use(StateStore.OpenOrCreate(path), isFirst: true);
            else
                state.LookAsync(CancellationToken.None).GetAwaiter().GetResult();
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<StoredLedger> LoadAsync(ProjectKey key, CancellationToken cancellation) =>
        await (await StoreAsync(cancellation)).LoadAsync(key, cancellation);

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredLedger>> LoadAllAsync(CancellationToken cancellation) =>
        await (await StoreAsync(cancellation)).LoadAllAsync(cancellation);

    /// <inheritdoc/>
    public async Task<StoredLedger> SaveAsync(
        StoredLedger before,
        ProjectLedger? ledger,
        IReadOnlyList<AuditEntry> audit,
        CancellationToken cancellation
    ) => await (await StoreAsync(cancellation)).SaveAsync(before, ledger, audit, cancellation);

    /// <inheritdoc/>
    public async Task<int> RemovalsSinceAsync(
        string vendorType,
        string baseUrl,
        DateTimeOffset since,
        CancellationToken cancellation
    ) => await (await StoreAsync(cancellation)).RemovalsSinceAsync(vendorType, baseUrl, since, cancellation);

    /// <inheritdoc/>
    public async Task<ImmutableArray<Lesson>> AccountLessonsAsync(
        string vendorType,
        string baseUrl,
        CancellationToken cancellation
    ) => await (await StoreAsync(cancellation)).AccountLessonsAsync(vendorType, baseUrl, cancellation);

    /// <inheritdoc/>
    public async Task<string> HeadAsync(string vendorType, string baseUrl, CancellationToken cancellation) =>
        await (await StoreAsync(cancellation)).HeadAsync(vendorType, baseUrl, cancellation);

    /// <summary>Reads entries of the audit trail, the newest first.</summary>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    internal async Task<List<AuditEntry>> HistoryAsync(HistoryQuery query, CancellationToken cancellation) =>
        await (await StoreAsync(cancellation)).HistoryAsync(query, cancellation);

    /// <inheritdoc/>
    public async Task<ImmutableDictionary<string, DateTimeOffset>> FirstSeenAsync(CancellationToken cancellation) =>
        await (await StoreAsync(cancellation)).FirstSeenAsync(cancellation);

    /// <inheritdoc/>
    public async Task SeeAsync(
        IReadOnlyCollection<string> approvals,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => await (await StoreAsync(cancellation)).SeeAsync(approvals, now, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var store in _opened)
            store.Dispose();
        _turn.Dispose();
    }

    /// <summary>Looks whether the state file is still the one that is used, and sets <see cref="Trouble"/>.</summary>
    /// <param name="cancellation">Ends the wait for a turn.</param>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _trouble = await FindTroubleAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<StateStore> StoreAsync(CancellationToken cancellation)
    {
        await LookAsync(cancellation);
        return _trouble is { } trouble ? throw new LedgerException(trouble) : _store!;
    }

    private async Task<string?> FindTroubleAsync(CancellationToken cancellation)
    {
        const string Refused =
            "nothing is written at any vendor until it is put back or restored from a backup, "
            + "or a new one is confirmed with: reconciler state confirm --state";
        try
        {
            if (StatePlace.IsServer(_path))
                return await FindServerTroubleAsync(cancellation);
            StatePath.Check(_path);
            var loss = _store is { } used ? await used.FindLossAsync(cancellation) : null;
            if (_store is not null && loss is null)
                return null;
            if (!StateFile.Exists(_path))
                return $"{loss ?? Gone()}; {Refused} {_path}";
            // Whether an outdated file may be used is decided here, since a worker goes on with a restored backup.
            if (_store?.IsInPlace != true && Use(StateStore.OpenOrCreate(_path, mayBeOutdated: true), isFirst: false))
                return null;
            return $"{loss ?? Another()}; {Refused} {_path}";
        }
        catch (Exception unreadable) when (unreadable is LedgerException or IOException or UnauthorizedAccessException)
        {
            return $"{unreadable.Message}; {Refused} {_path}";
        }
    }

    // A server that does not answer is asked again at the next look; what it holds can only be another state where
    // somebody emptied it or restored something else.
    private async Task<string?> FindServerTroubleAsync(CancellationToken cancellation)
    {
        var loss = _store is { } used ? await used.FindLossAsync(cancellation) : null;
        if (_store is { IsInPlace: true })
            return loss is null ? null : $"{loss}; nothing is written at any vendor until it answers";
        return Use(StateStore.OpenOrCreate(_path), isFirst: false)
            ? null
            : $"another state lies at {FilePath} than this worker wrote before; nothing is written at any vendor until "
                + $"that one is restored, or this one is confirmed with: reconciler state confirm --state {FilePath}";
    }

    private string Another() =>
        StateStore.RescuedOf(_path) is { } rescued
            ? $"{rescued} holds what was saved last, when the state file {_path} was taken away; put it in its place, "
                + "or delete it"
            : $"another state file lies at {_path} than this worker wrote before";

    private string Gone() =>
        $"the state file {_path} is gone, and with it who was invited, declined or left"
        + (
            StateStore.RescuedOf(_path) is { } rescued ? $"; {rescued} holds what was saved when it was taken away" : ""
        );

    private bool Use(StateStore found, bool isFirst)
    {
        var isUsed = false;
        try
        {
            if (!isFirst && !IsExpected(found))
                return false;
            if (_known != found.Id)
                SaveId(found.Id);
            // The id is saved first: should the process end in between, the file is known and needs no second
            // confirmation.
            found.EndConfirmation();
            // Reconciles under way still use the store before, so it stays open until the worker ends.
            _opened.Add(found);
            _store = found;
            isUsed = true;
            return true;
        }
        finally
        {
            if (!isUsed)
                found.Dispose();
        }
    }

    private bool IsExpected(StateStore found)
    {
        // A file whose log was replaced lacks what was saved last, although it has the right id.
        var isOutdated = _store is null && StateStore.RescuedOf(_path) is not null;
        return (found.Id == _known && !isOutdated) || found.IsConfirmed;
    }

    private void SaveId(string id)
    {
        PrivateFolder.Create(Path.GetDirectoryName(_idFile)!);
        var unfinished = $"{_idFile}.unfinished";
        File.Delete(unfinished);
        using (var file = PrivateFolder.NewFile(unfinished))
            file.Write(System.Text.Encoding.ASCII.GetBytes(id));
        File.Move(unfinished, _idFile, overwrite: true);
        _known = id;
    }

    private static string ReadId(string idFile)
    {
        try
        {
            return File.ReadAllText(idFile).Trim();
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            // Without the id, the worker could not tell its own state file from any other.
            throw new LedgerException($"{idFile}: {unread.Message}", unread);
        }
    }
}
