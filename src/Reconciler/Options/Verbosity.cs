namespace Reconciler.Options;

/// <summary>How much a run tells of itself on the error output.</summary>
internal enum Verbosity
{
    /// <summary>What a person needs.</summary>
    Brief,

    /// <summary>Each pass, project and phase (-v).</summary>
    Steps,

    /// <summary>Each request, too (-vv).</summary>
    Requests,
}
