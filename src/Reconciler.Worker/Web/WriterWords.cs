using System.Globalization;
using Reconciler.Core.Ports;

namespace Reconciler.Worker.Web;

/// <summary>Says who may write to an account, as the overview shows it.</summary>
internal static class WriterWords
{
    /// <summary>Who may write now.</summary>
    public static string Now(AccountRight? right) =>
        right switch
        {
            null => "nobody yet",
            { Use: RightUse.Own } => "this worker",
            { Use: RightUse.Other, Holder.Verb: Holder.Worker } => "another worker",
            { Use: RightUse.Other } => "another process",
            _ => "nobody now",
        };

    /// <summary>The process that may write, or could last, before the time of it.</summary>
    public static string Before(RightUse use, Holder holder)
    {
        // That it is a worker is said just before.
        var isSaid = holder.Verb == Holder.Worker && use is (RightUse.Own or RightUse.Other);
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{(isSaid ? "" : $"{holder.Verb}, ")}process {holder.Pid} of {holder.User} on {holder.Host}"
        );
        return use switch
        {
            RightUse.GivenBack when holder.Until is null => $"last: {name}",
            RightUse.GivenBack => $"last: {name}, until",
            RightUse.Abandoned => $"last: {name}, which ended without giving the right back; it had it since",
            _ => $"{name}, since",
        };
    }

    /// <summary>The time that follows; null where none does.</summary>
    public static DateTimeOffset? Time(RightUse use, Holder holder) =>
        use == RightUse.GivenBack ? holder.Until : holder.Since;
}
