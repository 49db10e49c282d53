using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Hosting;

/// <summary>How it logs.</summary>
public sealed partial class LogSection : ManifestPart
{
    /// <summary>The format.</summary>
    [Default("text")]
    public LogFormat? Format { get; init; }

    /// <summary>What is logged.</summary>
    [Default("info")]
    public LogDetail? Level { get; init; }

    /// <summary>Whether addresses are cut short in the logs.</summary>
    [Default("false")]
    public bool? MaskEmails { get; init; }
}

/// <summary>The format of the logs.</summary>
public enum LogFormat
{
    /// <summary>A line for people.</summary>
    Text,

    /// <summary>A JSON object a line.</summary>
    Json,
}

/// <summary>What is logged.</summary>
public enum LogDetail
{
    /// <summary>Every request too.</summary>
    Debug,

    /// <summary>Reconciles and actions.</summary>
    Info,

    /// <summary>What needs a look.</summary>
    Warning,
}
