using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Faults;

/// <summary>What each address answered of late, for lists that lag behind the writes.</summary>
internal sealed class LaggingAnswers
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<VendorAnswer>> seen = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes the answer as it is now, and gives the one of so many readings ago, or the oldest there is.
    /// </summary>
    public VendorAnswer Instead(string target, VendorAnswer now, int readings)
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
