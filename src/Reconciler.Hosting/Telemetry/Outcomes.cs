namespace Reconciler.Hosting.Telemetry;

/// <summary>How a reconcile of a project ended.</summary>
public enum PassOutcome
{
    /// <summary>There was nothing to do.</summary>
    Converged,

    /// <summary>Something was written, or is planned by a dry run.</summary>
    Changed,

    /// <summary>A guardrail holds the plan, or a part of it.</summary>
    Held,

    /// <summary>The project could not be read, or an action failed.</summary>
    Failed,

    /// <summary>The document suspends the project.</summary>
    Suspended,
}

/// <summary>What came of asking the source of the manifests.</summary>
public enum FetchOutcome
{
    /// <summary>It has the revision that is known.</summary>
    Unchanged,

    /// <summary>It has another one, which is in force now.</summary>
    Changed,

    /// <summary>It has another one, which is not put in force.</summary>
    Broken,

    /// <summary>It cannot be read.</summary>
    Failed,
}

/// <summary>What became of a notification.</summary>
public enum NotificationOutcome
{
    /// <summary>The receiver took it.</summary>
    Sent,

    /// <summary>The receiver did not take it, however often it was tried.</summary>
    Failed,

    /// <summary>It was never tried: too many waited.</summary>
    Dropped,
}

/// <summary>What became of a call of the webhook.</summary>
public enum WebhookOutcome
{
    /// <summary>It is genuine and asks for a fetch.</summary>
    Accepted,

    /// <summary>It is genuine and only tries whether the webhook is there.</summary>
    Ping,

    /// <summary>Its signature or token is wrong or absent.</summary>
    Refused,

    /// <summary>Its body is larger than is read.</summary>
    TooLarge,

    /// <summary>The secret that it would be held against cannot be read.</summary>
    Unavailable,
}
