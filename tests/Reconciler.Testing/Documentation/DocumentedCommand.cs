namespace Reconciler.Testing.Documentation;

/// <summary>A command line of a page.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Line">What is typed.</param>
/// <param name="Section">The heading that it stands under.</param>
public sealed record DocumentedCommand(string Place, string Line, string Section)
{
    /// <summary>What the page shows as its output; null where it shows none.</summary>
    public string? Output { get; init; }

    /// <summary>The exit code that the page tells in a comment; 0 where it tells none.</summary>
    public int Code { get; init; }
}
