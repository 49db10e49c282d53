namespace Reconciler.Testing.Model;

/// <summary>Random numbers that one seed decides wholly, on every runtime: SplitMix64.</summary>
public sealed class Chance(long seed)
{
    private ulong _state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL);

    public int Below(int end) => (int)(Next() % (ulong)end);

    public int Between(int first, int last) => first + Below(last - first + 1);

    public bool Once(int percent) => Below(100) < percent;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>Numbers of their own for a part that must not disturb the others.</summary>
    public Chance Fork() => new(unchecked((long)Next()));

    private ulong Next()
    {
        var mixed = _state = unchecked(_state + 0x9E3779B97F4A7C15UL);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL);
        return mixed ^ (mixed >> 31);
    }
}
