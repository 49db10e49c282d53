using System.Globalization;

namespace Reconciler.Kubernetes.Client;

/// <summary>How the client behaves towards any cluster.</summary>
public sealed record ClientOptions
{
    /// <summary>How the client names itself.</summary>
    public string UserAgent { get; init; } = "reconciler-kubernetes/1";

    /// <summary>How long a request other than a watch may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may take to come about.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how much silence a connection is asked whether it still lives.</summary>
    public TimeSpan KeepAliveDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take to say so.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Told of every request that ended: its method and status (0 where no answer came). For metrics.</summary>
    public Action<string, int>? Observed { get; init; }

    /// <summary>The clock of timeouts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>What to list or watch.</summary>
public sealed record Selection
{
    /// <summary>Everything of the kind.</summary>
    public static Selection Everything { get; } = new();

    /// <summary>The namespace; null means all of them, and kinds that have none.</summary>
    public string? Namespace { get; init; }

    /// <summary>Labels that objects must have, as kubectl writes them.</summary>
    public string? Labels { get; init; }

    /// <summary>Fields that objects must have, as kubectl writes them.</summary>
    public string? Fields { get; init; }
}

/// <summary>How an object is written.</summary>
public sealed record WriteOptions
{
    /// <summary>Who writes; the server remembers it per field. An apply needs it.</summary>
    public string? FieldManager { get; init; }

    /// <summary>Whether an apply takes fields from their managers.</summary>
    public bool Force { get; init; }

    /// <summary>Whether the server only says what would come of it.</summary>
    public bool DryRun { get; init; }

    /// <summary>The part that is written, such as <c>status</c>; null for all but that.</summary>
    public string? Subresource { get; init; }
}

/// <summary>How an object is deleted.</summary>
public sealed record DeleteOptions
{
    /// <summary>Only the object with this uid: not one that was made anew since.</summary>
    public string? Uid { get; init; }

    /// <summary>Only this very version.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>What becomes of what it owns: <c>Background</c>, <c>Foreground</c>, <c>Orphan</c>; null as the kind has it.</summary>
    public string? Propagation { get; init; }
}

/// <summary>The body of a deletion.</summary>
internal sealed record DeleteBody(string Kind, string ApiVersion, string? PropagationPolicy, Preconditions? Preconditions);

/// <summary>What must still hold.</summary>
internal sealed record Preconditions(string? Uid, string? ResourceVersion);

/// <summary>Which server answers.</summary>
/// <param name="Major">The major version; clusters of some vendors add to the minor one (<c>28+</c>).</param>
/// <param name="Minor">The minor version.</param>
/// <param name="GitVersion">The whole version.</param>
public sealed record ServerVersion(string Major, string Minor, string GitVersion)
{
    /// <summary>Whether it is this version of Kubernetes 1 or a later one; a version that cannot be read is none.</summary>
    /// <param name="minor">The minor version.</param>
    public bool IsAtLeast(int minor) => Major == "1" && int.TryParse(Minor.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var own) && own >= minor;
}
