using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests.Yaml;

/// <summary>Stops the reading of YAML that is valid, but that Reconciler does not accept.</summary>
/// <param name="position">Where the text stands.</param>
/// <param name="message">What is wrong with it.</param>
internal sealed class RefusedException(Position position, string message) : Exception(message)
{
    public Position Position { get; } = position;

    /// <summary>Whether the file costs too much, so that nothing of it is read any further.</summary>
    public bool IsLimit { get; init; }

    /// <summary>Whether what stands there may be the double brace of a template.</summary>
    public bool MayBeTemplate { get; init; }
}
