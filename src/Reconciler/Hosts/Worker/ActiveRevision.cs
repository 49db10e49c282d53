using Reconciler.Providers;
using Reconciler.Sources;

namespace Reconciler.Hosts.Worker;

/// <summary>
/// A revision of the manifests with the connections that its passes use. Once another is in force, the connections are let go as soon as
/// the last pass with them is over.
/// </summary>
/// <param name="revision">The revision.</param>
/// <param name="connections">Its connections.</param>
internal sealed class ActiveRevision(SourceRevision revision, Connections connections)
{
    private readonly Lock _lock = new();
    private int _passes;
    private bool _isRetired;

    public SourceRevision Revision => revision;

    public Connections Connections => connections;

    /// <summary>A pass begins; dispose what is returned at its end. Null where the connections are let go already: a newer revision is in force.</summary>
    public IDisposable? TryUse()
    {
        lock (_lock)
        {
            if (_isRetired)
                return null;
            _passes++;
            return new Lease(this);
        }
    }

    /// <summary>Another revision is in force now.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            _isRetired = true;
            if (_passes == 0)
                connections.Dispose();
        }
    }

    private void Ended()
    {
        lock (_lock)
        {
            _passes--;
            if (_isRetired && _passes == 0)
                connections.Dispose();
        }
    }

    private sealed class Lease(ActiveRevision revision) : IDisposable
    {
        public void Dispose() => revision.Ended();
    }
}
