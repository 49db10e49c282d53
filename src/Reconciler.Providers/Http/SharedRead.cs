using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>
/// Reads a list once for all projects that need it. A failed reading fails only for its own caller: other waiting
/// callers read again, unless the vendor refused the token or asked to wait, where another request would not help.
/// </summary>
/// <param name="read">Reads the list.</param>
internal sealed class SharedRead<T>(Func<CancellationToken, Task<T>> read)
{
    private readonly Lock _gate = new();
    private Task<T>? _reading;

    /// <summary>Returns the list, and reads it unless it was read or is being read.</summary>
    /// <exception cref="ProviderException">The list cannot be read.</exception>
    public async Task<T> GetAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var (reading, isMine) = Begin(cancellation);
            try
            {
                return await reading.WaitAsync(cancellation);
            }
            catch (Exception failure) when (!isMine && !cancellation.IsCancellationRequested && MayAskAgain(failure))
            {
                Drop(reading);
            }
        }
    }

    /// <summary>Forgets the list, so that the next caller reads it again.</summary>
    public void Forget()
    {
        lock (_gate)
            _reading = null;
    }

    private (Task<T> Reading, bool IsMine) Begin(CancellationToken cancellation)
    {
        lock (_gate)
        {
            var failure = _reading?.Exception?.InnerException;
            var isUsable = _reading is { IsCanceled: false } && (failure is null || !MayAskAgain(failure));
            if (isUsable)
                return (_reading!, false);
            return (_reading = read(cancellation), true);
        }
    }

    private void Drop(Task<T> failed)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_reading, failed))
                _reading = null;
        }
    }

    private static bool MayAskAgain(Exception failure) =>
        failure
            is not ProviderException
            {
                Fault: ProviderFault.Unauthorized or ProviderFault.Forbidden or ProviderFault.RateLimited,
            };
}
