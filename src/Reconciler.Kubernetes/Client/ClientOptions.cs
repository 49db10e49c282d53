using System.Text.Json.Serialization.Metadata;

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

    /// <summary>
    /// Told of every request that was sent: its method and status (0 where no answer came). For metrics.
    /// </summary>
    public Action<string, int>? Observed { get; init; }

    /// <summary>
    /// How the caller's own types are read and written: a source-generated context. The package's models and plain JSON
    /// need none.
    /// </summary>
    public IJsonTypeInfoResolver? Types { get; init; }

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
