using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Applying;

/// <summary>A write whose effect only reading the project can show.</summary>
/// <param name="Action">The action that was sent.</param>
/// <param name="Message">Why the effect is unsure; reported where no reading shows it.</param>
internal sealed record UnsureWrite(PlannedAction Action, string Message)
{
    /// <summary>Whether the vendor said yes.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>
    /// The error that the vendor answered with; null where it said yes, or where the answer was lost.
    /// </summary>
    public ProviderException? Refusal { get; init; }

    /// <summary>Whether the vendor said no. Waiting and reading again would show nothing new.</summary>
    public bool IsRefused =>
        (Refusal is { Fault: ProviderFault.Refused } && !IsHalf) || Action.Kind == ActionKind.Resend;

    /// <summary>Whether the action may be sent once more where reading does not show it.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>
    /// Whether a replacement may have revoked the old invitation without sending a new one. The new one is then sent,
    /// unless the person accepted the old one.
    /// </summary>
    public bool IsHalf { get; init; }
}
