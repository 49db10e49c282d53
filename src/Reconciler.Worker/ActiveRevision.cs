using Reconciler.Providers;
using Reconciler.Sources;

namespace Reconciler.Worker;

/// <summary>
/// A revision of the manifests with the connections that its reconciles use. Once another is in force, the connections
/// are closed as soon as the last reconcile with them has ended.
/// </summary>
/// <param name="revision">The revision.</param>
/// <param name="connections">Its connections.</param>
/// <param name="isFromGit">Whether the source is a git repository.</param>
internal sealed class ActiveRevision(SourceRevision revision, Connections connections, bool isFromGit)
{
    private readonly Lock _lock = new();
    private int _users;
    private bool _isRetired;

    /// <summary>The revision.</summary>
    public SourceRevision Revision => revision;

    /// <summary>Its connections.</summary>
    public Connections Connections => connections;

    /// <summary>Whether the source is a git repository.</summary>
    public bool IsFromGit => isFromGit;

    /// <summary>Keeps the connections open until the result is disposed; null where the revision is retired.</summary>
    public IDisposable? TryUse()
    {
        lock (_lock)
        {
            if (_isRetired)
                return null;
            _users++;
            return new ConnectionUse(this);
        }
    }

    /// <summary>Ends the revision: its connections are closed once nothing uses them.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            _isRetired = true;
            if (_users == 0)
                connections.Dispose();
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            _users--;
            if (_isRetired && _users == 0)
                connections.Dispose();
        }
    }

    private sealed class ConnectionUse(ActiveRevision revision) : IDisposable
    {
        public void Dispose() => revision.Release();
    }
}
