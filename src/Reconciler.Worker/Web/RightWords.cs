using System.Globalization;
using Reconciler.State;

namespace Reconciler.Worker.Web;

/// <summary>Says who works on an account, as the overview and the JSON show it.</summary>
internal static class RightWords
{
    /// <summary>Who may write now.</summary>
    public static string Now(AccountRight? right) =>
        right switch
        {
            null => "nobody yet",
            { Use: RightUse.Own } => "this worker",
            { Use: RightUse.Other, Holder.Verb: "worker" } => "another worker",
            { Use: RightUse.Other } => "another process",
            _ => "nobody now",
        };

    /// <summary>The process that may write, or did last, before the time of it.</summary>
    public static string Process(AccountRight right, Holder holder)
    {
        // That it is a worker is said just before.
        var isSaid = holder.Verb == "worker" && right.Use is (RightUse.Own or RightUse.Other);
        var process = string.Create(
            CultureInfo.InvariantCulture,
            $"{(isSaid ? "" : $"{holder.Verb}, ")}process {holder.Pid} of {holder.User} on {holder.Host}"
        );
        return right.Use switch
        {
            RightUse.GivenBack when holder.Until is null => $"last: {process}",
            RightUse.GivenBack => $"last: {process}, until",
            RightUse.Abandoned => $"last: {process}, which ended without giving the right back; it had it since",
            _ => $"{process}, since",
        };
    }

    /// <summary>The time that follows; null where none does.</summary>
    public static DateTimeOffset? Time(AccountRight right, Holder holder) =>
        right.Use == RightUse.GivenBack ? holder.Until : holder.Since;
}
