using System.Globalization;

namespace Reconciler.Worker.Web;

/// <summary>Says who may write to an account, as the overview shows it.</summary>
internal static class WriterWords
{
    /// <summary>Who may write now.</summary>
    public static string Now(AccountWriter? writer) =>
        writer switch
        {
            null => "nobody yet",
            { State: WriterState.Own } => "this worker",
            { State: WriterState.Other, Process.Verb: "worker" } => "another worker",
            { State: WriterState.Other } => "another process",
            _ => "nobody now",
        };

    /// <summary>The process that may write, or could last, before the time of it.</summary>
    public static string Before(WriterState state, WriterProcess process)
    {
        // That it is a worker is said just before.
        var isSaid = process.Verb == "worker" && state is (WriterState.Own or WriterState.Other);
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{(isSaid ? "" : $"{process.Verb}, ")}process {process.Id} of {process.User} on {process.Host}"
        );
        return state switch
        {
            WriterState.GivenBack when process.Until is null => $"last: {name}",
            WriterState.GivenBack => $"last: {name}, until",
            WriterState.Abandoned => $"last: {name}, which ended without giving the right back; it had it since",
            _ => $"{name}, since",
        };
    }

    /// <summary>The time that follows; null where none does.</summary>
    public static DateTimeOffset? Time(WriterState state, WriterProcess process) =>
        state == WriterState.GivenBack ? process.Until : process.Since;
}
