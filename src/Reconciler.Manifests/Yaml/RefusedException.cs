using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests.Yaml;

/// <summary>Stops the reading of YAML that is valid, but that Reconciler does not accept.</summary>
/// <param name="position">The place of the text.</param>
/// <param name="message">What is wrong with it.</param>
internal sealed class RefusedException(Position position, string message) : Exception(message)
{
    public Position Position { get; } = position;

    /// <summary>Whether the file exceeds a limit, so that reading ends.</summary>
    public bool IsLimit { get; init; }

    /// <summary>Whether the text may be the double brace of a template.</summary>
    public bool MayBeTemplate { get; init; }
}
