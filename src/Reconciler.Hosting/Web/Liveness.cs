using System.Globalization;
using Microsoft.AspNetCore.Http;
using Reconciler.Hosting.Reconciling;

namespace Reconciler.Hosting.Web;

/// <summary>
/// Whether a process lives, judged from one snapshot of its reconciles. Anybody who reaches the listener may read the
/// texts.
/// </summary>
public static class Liveness
{
    /// <summary>How long the scheduler may be silent; it looks for work every 10 s.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    /// <summary>How long the start may take until the scheduler looks for work: a first clone can be large.</summary>
    internal static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(10);

    /// <summary>503 means that only a restart helps. Coming to its end is no illness.</summary>
    public static HttpAnswer Of(StatusSnapshot status, DateTimeOffset now)
    {
        if (status.IsStopping)
            return HttpAnswer.Text(StatusCodes.Status200OK, "stopping");
        return Silence(status, now) is { } silence
            ? HttpAnswer.Text(StatusCodes.Status503ServiceUnavailable, silence)
            : HttpAnswer.Text(StatusCodes.Status200OK, "ok");
    }

    /// <summary>How many reconciles run for longer than any may; null where none does.</summary>
    public static string? Hanging(StatusSnapshot status, DateTimeOffset now)
    {
        var stuck = status.Projects.Count(p =>
            p.IsRunning && (p.RunningSince ?? p.NextAt) is { } since && now - since > ReconcileLimits.LongestReconcile
        );
        return stuck == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{stuck} {(stuck == 1 ? "reconcile runs" : "reconciles run")} for more than "
                    + $"{ReconcileLimits.LongestReconcile.TotalMinutes} minutes"
            );
    }

    /// <summary>Why the scheduler is taken for stuck; null where it is not.</summary>
    public static string? Silence(StatusSnapshot status, DateTimeOffset now)
    {
        if (status.BeatAt == default)
            return now - status.StartedAt > LongestStart ? "stuck: the start did not come to its end" : null;
        return now - status.BeatAt > LongestSilence
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"stuck: the scheduler is silent for {(int)(now - status.BeatAt).TotalSeconds} s"
            )
            : null;
    }
}
