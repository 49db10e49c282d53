namespace Reconciler.Sandbox;

/// <summary>An invalid seed, or a control with an unknown name.</summary>
public sealed class SandboxException(string message) : Exception(message)
{
    /// <summary>Whether a definition of a vendor is wrong, and not the seed.</summary>
    public bool IsAboutDefinition { get; init; }
}
