namespace Reconciler.Manifests;

/// <summary>
/// A revision cannot be had. The message is for people: it says what to do, and holds no credentials.
/// </summary>
/// <param name="message">For people.</param>
/// <param name="inner">What was caught.</param>
public sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner);
