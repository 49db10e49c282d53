using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Reconciler.Worker.Notifications;

namespace Reconciler.Testing.Hosts.Worker.Notifications;

/// <summary>A log that keeps every line, whatever its level, with all that a format could show of it.</summary>
public sealed class KeptLog : ILogger<Notifier>
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : "";
        Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {values} {exception}");
    }
}
