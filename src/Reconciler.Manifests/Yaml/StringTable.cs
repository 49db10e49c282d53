using System.Collections.Concurrent;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Keeps one copy of each text of a reading: keys, names of roles and teams, and addresses stand in many entries. Files
/// that are read at one time share it.
/// </summary>
internal sealed class StringTable
{
    // Longer texts, such as annotations, hardly recur.
    private const int Longest = 128;

    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>The one copy of a text.</summary>
    public string Of(string text) => text.Length > Longest ? text : _texts.GetOrAdd(text, text);
}
