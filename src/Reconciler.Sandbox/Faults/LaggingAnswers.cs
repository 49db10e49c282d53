using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Faults;

/// <summary>Remembers recent answers of each address, for lists that lag behind writes.</summary>
internal sealed class LaggingAnswers
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<VendorAnswer>> seen = new(StringComparer.Ordinal);

    /// <summary>Records the current answer, and returns the one of so many readings ago, or else the oldest.</summary>
    public VendorAnswer Delayed(string target, VendorAnswer now, int readings)
    {
        lock (gate)
        {
            if (!seen.TryGetValue(target, out var answers))
                seen[target] = answers = new();
            answers.Enqueue(now);
            while (answers.Count > readings + 1)
                answers.Dequeue();
            return answers.Peek();
        }
    }

    public void Clear()
    {
        lock (gate)
            seen.Clear();
    }
}
