using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Hosts.Passes;

/// <summary>An account of a vendor: what one token reaches, and what limits over a provider are about.</summary>
internal sealed record Account(string VendorType, string BaseUrl)
{
    public static Account Of(DesiredProject project) => new(project.Key.VendorType, project.Key.BaseUrl);
}

/// <summary>How a project's pass went, as far as the next one depends on it.</summary>
/// <param name="HasFailed">Whether something failed.</param>
internal sealed record Passed(bool HasFailed)
{
    /// <summary>A pass that came to nothing: a newer revision asks for something else, or the process stops.</summary>
    public static Passed Void { get; } = new(HasFailed: false) { IsVoid = true };

    /// <summary>Whether it came to nothing.</summary>
    public bool IsVoid { get; private init; }

    /// <summary>Whether the project was read and no limit holds its plan.</summary>
    public bool IsSettled { get; init; } = !HasFailed;

    /// <summary>Whether anything was written at the vendor.</summary>
    public bool HasWritten { get; init; }

    /// <summary>How long the vendor asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is remembered afterwards; null where that could not be read.</summary>
    public StoredLedger? Remembered { get; init; }
}
