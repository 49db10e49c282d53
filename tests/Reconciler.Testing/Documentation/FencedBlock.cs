namespace Reconciler.Testing.Documentation;

/// <summary>A fenced block of a page.</summary>
/// <param name="Language">What stands behind the opening fence.</param>
/// <param name="Section">The heading of the second level that it stands under; empty above the first.</param>
/// <param name="Line">The line of its first line of text, from 1.</param>
/// <param name="Lines">Its text.</param>
public sealed record FencedBlock(string Language, string Section, int Line, IReadOnlyList<string> Lines)
{
    public string Text => string.Join('\n', Lines) + "\n";

    /// <summary>Whether the block is manifests, whole ones.</summary>
    public bool IsManifest =>
        Language == "yaml" && Text.Contains("apiVersion: reconciler.dev/", StringComparison.Ordinal);

    /// <summary>Whether the block is what a reader types.</summary>
    public bool IsCommands => Language is "sh" or "bash" || IsConsole;

    /// <summary>Whether the block is a terminal: commands after a prompt, and what they print.</summary>
    public bool IsConsole => Language == "console";
}
