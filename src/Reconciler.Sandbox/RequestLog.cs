using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Reconciler.Sandbox;

/// <summary>Keeps the latest requests, up to a limit, and exact counts of all requests.</summary>
internal sealed class RequestLog(int kept)
{
    private readonly Lock gate = new();
    private readonly Queue<SandboxRequest> requests = new();
    private readonly Dictionary<(string Connection, string Method), long> counts = [];

    public void Add(SandboxRequest request)
    {
        lock (gate)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, (request.Connection, request.Method), out _)++;
            requests.Enqueue(request);
            while (requests.Count > kept)
                requests.Dequeue();
        }
    }

    public ImmutableArray<SandboxRequest> All()
    {
        lock (gate)
            return [.. requests];
    }

    public ImmutableArray<SandboxRequestCount> Counts()
    {
        lock (gate)
        {
            return
            [
                .. counts
                    .Select(count => new SandboxRequestCount(count.Key.Connection, count.Key.Method, count.Value))
                    .OrderBy(count => count.Connection, StringComparer.Ordinal)
                    .ThenBy(count => count.Method, StringComparer.Ordinal),
            ];
        }
    }

    public long Count(Func<string, bool> ofMethod)
    {
        lock (gate)
            return counts.Where(count => ofMethod(count.Key.Method)).Sum(count => count.Value);
    }

    public void Clear()
    {
        lock (gate)
        {
            requests.Clear();
            counts.Clear();
        }
    }
}
