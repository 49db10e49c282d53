using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.Model;

namespace Reconciler.Engine.Tests.Model;

/// <summary>What goes wrong at a vendor in one pass; every number comes from one seed.</summary>
internal sealed class Trouble(Chance chance)
{
    public Chance Chance { get; } = chance;

    public int Writes { get; init; }

    public int Reads { get; init; }

    public int ShortReads { get; init; }

    /// <summary>How many of a hundred people whose invitation is to go accept just before.</summary>
    public int Races { get; init; }

    /// <summary>How many writes a project still sees before the process dies or is interrupted; null for all.</summary>
    public int? EndsAfter { get; init; }
}

/// <summary>What goes wrong with one write: whether it is done all the same, and what the caller is told.</summary>
internal sealed record WriteFault(bool IsDone, Exception? Failure)
{
    public bool IsPartlyDone { get; init; }

    public static WriteFault Of(Chance chance, PlannedAction action) =>
        chance.Below(action.Kind == ActionKind.Replace ? 10 : 8) switch
        {
            0 => new(false, new ProviderException(ProviderFault.Refused, "refused")),
            1 => new(false, new ProviderException(ProviderFault.Forbidden, "forbidden")),
            2 => new(false, new ProviderException(ProviderFault.RateLimited, "slow down")),
            3 => new(true, new ProviderException(ProviderFault.Ambiguous, "the answer was lost")),
            4 => new(false, new ProviderException(ProviderFault.Ambiguous, "the answer was lost")),
            5 => new(false, null),
            6 => new(true, new InvalidOperationException("a fault of ours")),
            7 => new(false, new ProviderException(ProviderFault.Manual, "do it by hand")),
            8 => new(
                false,
                new ProviderException(ProviderFault.Refused, "revoked, not invited") { IsPartlyDone = true }
            )
            {
                IsPartlyDone = true,
            },
            _ => new(false, new ProviderException(ProviderFault.Ambiguous, "revoked, and the answer was lost"))
            {
                IsPartlyDone = true,
            },
        };
}
