using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Ports;
using Reconciler.Operator.Status;
using Reconciler.Providers.Http;

namespace Reconciler.Operator.Providers;

/// <summary>What this process observed of an AccessProvider.</summary>
internal sealed record ProviderObservation
{
    /// <summary>The spec that it is about.</summary>
    public AccessProviderSpec? Spec { get; init; }

    /// <summary>Whether the vendor answered last; null until it was asked.</summary>
    public bool? IsReachable { get; init; }

    /// <summary>When it last answered.</summary>
    public DateTimeOffset? SuccessAt { get; init; }

    /// <summary>The fault of the last answer; null where it was good.</summary>
    public ProviderFault? Fault { get; init; }

    /// <summary>The last error.</summary>
    public (DateTimeOffset At, string Message)? Error { get; init; }

    /// <summary>The quota that is left, where the vendor tells it.</summary>
    public RequestQuota? Quota { get; init; }

    /// <summary>When it was last asked, with whatever answer.</summary>
    public DateTimeOffset? SeenAt => SuccessAt > Error?.At || Error is null ? SuccessAt : Error?.At;

    /// <summary>Whether it is newer than what the status says that a shard observed, to the second.</summary>
    /// <param name="status">The status.</param>
    /// <param name="use">Who uses the provider.</param>
    public bool IsNewest(JsonObject status, ProviderUse use)
    {
        string?[] written = [Word(status["lastSuccessAt"]), Word((status["lastError"] as JsonObject)?["at"])];
        // A shard that has not asked yet knows less than one that has.
        if (SeenAt is not { } at)
            return !use.IsOthers || written.All(t => t is null);
        return written.All(t => t is null || string.CompareOrdinal(t, LedgerStatus.Text(at)) <= 0);

        static string? Word(JsonNode? node) =>
            node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
    }

    /// <summary>Composes the conditions.</summary>
    /// <param name="problem">What is wrong with the AccessProvider; null where nothing is.</param>
    /// <param name="use">Who uses it.</param>
    /// <param name="wasReachable">Whether its status says that it could be reached.</param>
    public Conditions ConditionsOf(string? problem, ProviderUse use, bool wasReachable) =>
        this switch
        {
            _ when problem is not null => Conditions.Stalled(StatusReasons.Invalid, problem),
            // An old error would say that something is wrong where nothing is asked of the provider.
            _ when use.IsUnused => Conditions.Good(
                StatusReasons.NotUsed,
                use.Memberships == 0
                    ? "no membership uses it; the token was not tried"
                    : "every membership that uses it is suspended, stalled or waits; the token is not tried"
            ),
            { Fault: { } fault } => FailureReason.Of(fault).With(Error!.Value.Message),
            { IsReachable: true } => Conditions.Good("Reachable", "the vendor answers"),
            // What the leader before observed holds until this one has asked.
            _ when wasReachable => Conditions.Good("Reachable", "the vendor answers"),
            _ => Conditions.Working(StatusReasons.Progressing, "the vendor was not asked yet"),
        };
}
