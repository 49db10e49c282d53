namespace Reconciler.Core.Ports;

/// <summary>Who works on an account of a state in PostgreSQL, or worked on it last.</summary>
/// <param name="VendorType">The vendor.</param>
/// <param name="BaseUrl">The normalised base URL of the account.</param>
/// <param name="Use">How it stands with the right to write.</param>
/// <param name="Holder">
/// Who has the right, or had it last; null where a process has just taken it and not yet written its name.
/// </param>
public sealed record AccountRight(string VendorType, string BaseUrl, RightUse Use, Holder? Holder);

/// <summary>How it stands with the right to write to an account.</summary>
public enum RightUse
{
    /// <summary>This process has it.</summary>
    Own,

    /// <summary>Another process has it.</summary>
    Other,

    /// <summary>Nobody has it: it was given back.</summary>
    GivenBack,

    /// <summary>Nobody has it: the process that had it ended, or was cut off, before it gave it back.</summary>
    Abandoned,
}
