namespace Reconciler.Hosting.Web;

/// <summary>
/// A listener cannot start as it is configured. The message is for people: it says what to do, and holds no secret.
/// </summary>
/// <param name="message">For people.</param>
/// <param name="inner">What was caught.</param>
public sealed class ListenerException(string message, Exception? inner = null) : Exception(message, inner);
