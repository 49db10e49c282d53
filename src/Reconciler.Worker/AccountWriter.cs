using Reconciler.State;

namespace Reconciler.Worker;

/// <summary>Who may write to an account of a state that many share, or could last, as pages show it.</summary>
/// <param name="VendorType">The vendor.</param>
/// <param name="BaseUrl">The normalised base URL of the account.</param>
/// <param name="State">How it stands.</param>
/// <param name="Process">The process; null where it has not yet told its name.</param>
internal sealed record AccountWriter(string VendorType, string BaseUrl, WriterState State, WriterProcess? Process)
{
    /// <summary>The same as the state has it.</summary>
    public static AccountWriter Of(AccountRight right) =>
        new(
            right.VendorType,
            right.BaseUrl,
            right.Use switch
            {
                RightUse.Own => WriterState.Own,
                RightUse.Other => WriterState.Other,
                RightUse.GivenBack => WriterState.GivenBack,
                _ => WriterState.Abandoned,
            },
            right.Holder is { } h ? new(h.Verb, h.Pid, h.Host, h.User, h.Since, h.Until) : null
        );
}

/// <summary>How it stands with the right to write to an account.</summary>
internal enum WriterState
{
    /// <summary>This worker has it.</summary>
    Own,

    /// <summary>Another process has it.</summary>
    Other,

    /// <summary>Nobody has it: it was given back.</summary>
    GivenBack,

    /// <summary>Nobody has it: the process that had it ended without giving it back.</summary>
    Abandoned,
}

/// <summary>A process that may write, or could last.</summary>
/// <param name="Verb">What it does, such as <c>worker</c>.</param>
/// <param name="Id">Its number.</param>
/// <param name="Host">The machine.</param>
/// <param name="User">The user.</param>
/// <param name="Since">Since when it had the right.</param>
/// <param name="Until">When it gave the right back; null where it did not, or that is not known.</param>
internal sealed record WriterProcess(
    string Verb,
    int Id,
    string Host,
    string User,
    DateTimeOffset Since,
    DateTimeOffset? Until
);
