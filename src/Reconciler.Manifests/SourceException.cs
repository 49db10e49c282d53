namespace Reconciler.Manifests;

/// <summary>
/// Thrown if a revision cannot be fetched. The message is for people: it says what to do, and holds no credentials.
/// </summary>
/// <param name="message">The text for people.</param>
/// <param name="inner">The cause; null if there is none.</param>
public sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner);
