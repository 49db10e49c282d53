namespace Reconciler.Sandbox;

/// <summary>A wrong seed, or a control that names something the sandbox does not hold.</summary>
public sealed class SandboxException(string message) : Exception(message);
