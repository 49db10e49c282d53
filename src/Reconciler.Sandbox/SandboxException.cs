namespace Reconciler.Sandbox;

/// <summary>An invalid seed, or a control with an unknown name.</summary>
public sealed class SandboxException(string message) : Exception(message);
