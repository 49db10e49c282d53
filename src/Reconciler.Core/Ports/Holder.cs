using System.Globalization;
using Reconciler.Core.Manifests;

namespace Reconciler.Core.Ports;

/// <summary>The process that holds the lock of a state file, or the right to write to an account.</summary>
/// <param name="Verb">What it does, such as <c>apply</c>.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Host">The machine.</param>
/// <param name="User">The user.</param>
/// <param name="Since">The time since which it holds the lock.</param>
public sealed record Holder(string Verb, int Pid, string Host, string User, DateTimeOffset Since)
{
    /// <summary>The verb of a worker.</summary>
    public const string Worker = "worker";

    /// <summary>When it gave the right back; null while it has it, or where it ended without giving it back.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// Describes the holder in a sentence. The parts were written by another process, so control characters are
    /// escaped.
    /// </summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{ProblemText.Quote(Verb)} (process {Pid} of {ProblemText.Quote(User)} on {ProblemText.Quote(Host)}, "
                + $"since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC)"
        );
}
