using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Who wants the right to write to which accounts.</summary>
/// <param name="Verb">What it is for, such as <c>apply</c>.</param>
/// <param name="Accounts">The accounts, each by its vendor and its normalised base URL.</param>
public sealed record RightRequest(string Verb, IReadOnlyCollection<(string VendorType, string BaseUrl)> Accounts)
{
    /// <summary>The longest time to wait for each account.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether others that wait go first; the holder is not asked to give its right back.</summary>
    public bool Yields { get; init; }

    /// <summary>
    /// Called from any thread each time somebody who does not yield asks for an account that is held; must return at
    /// once. Null for a right that is given back soon in any case.
    /// </summary>
    public Action? OnAwaited { get; init; }

    /// <summary>Called once from any thread where the right is lost; must return at once.</summary>
    public Action? OnLost { get; init; }

    /// <summary>Called once with the holder, or with null if the holder is not known.</summary>
    public Action<Holder?>? OnWaiting { get; init; }

    /// <summary>Called before the wait for what a holder that did not give the right back may have under way.</summary>
    public Action<TimeSpan>? OnSettling { get; init; }

    /// <summary>The times.</summary>
    internal RightRules Rules { get; init; } = RightRules.Default;
}

/// <summary>The times of a right to write.</summary>
/// <param name="Heartbeat">How often its session asks the server.</param>
/// <param name="Fresh">How old the last answer may be where a write begins.</param>
/// <param name="Idle">How long the server waits for the session before it ends it.</param>
/// <param name="Settle">The longest that a request to a vendor takes.</param>
/// <param name="Poll">How often one that waits tries again.</param>
internal sealed record RightRules(TimeSpan Heartbeat, TimeSpan Fresh, TimeSpan Idle, TimeSpan Settle, TimeSpan Poll)
{
    /// <summary>The times in use.</summary>
    public static RightRules Default { get; } =
        new(
            TimeSpan.FromSeconds(2),
            TimeSpan.FromSeconds(4),
            TimeSpan.FromSeconds(6),
            TimeSpan.FromSeconds(15),
            TimeSpan.FromMilliseconds(250)
        );
}
