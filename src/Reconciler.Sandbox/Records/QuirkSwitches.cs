namespace Reconciler.Sandbox.Records;

/// <summary>The switches of a connection.</summary>
internal sealed class QuirkSwitches(IReadOnlyList<string> known, IEnumerable<string> on)
{
    private readonly HashSet<string> turnedOn = new(on, StringComparer.Ordinal);

    public bool this[string quirk] => turnedOn.Contains(quirk);

    public void Set(string quirk, bool on)
    {
        if (!known.Contains(quirk, StringComparer.Ordinal))
            throw new SandboxException($"unknown quirk '{quirk}'; known: {string.Join(", ", known)}");
        _ = on ? turnedOn.Add(quirk) : turnedOn.Remove(quirk);
    }
}
