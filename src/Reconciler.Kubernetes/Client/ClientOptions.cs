using System.Text.Json.Serialization.Metadata;

namespace Reconciler.Kubernetes.Client;

/// <summary>Configures the client, for any cluster.</summary>
public sealed record ClientOptions
{
    /// <summary>The User-Agent header.</summary>
    public string UserAgent { get; init; } = "reconciler-kubernetes/1";

    /// <summary>The timeout of a request other than a watch.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The timeout of opening a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be silent before a ping is sent.</summary>
    public TimeSpan KeepAliveDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The timeout of the answer to a ping.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Called for every request that was sent, with its method and status (0 where no answer came). For metrics.
    /// </summary>
    public Action<string, int>? Observed { get; init; }

    /// <summary>
    /// The source-generated serializer context of the caller's types. On the runtime, the package's models and plain
    /// JSON need none. A native program names the models here as well: it leaves out the package's table of them.
    /// </summary>
    public IJsonTypeInfoResolver? Types { get; init; }

    /// <summary>The clock for timeouts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>Selects the objects to list or watch.</summary>
public sealed record Selection
{
    /// <summary>All objects of the kind.</summary>
    public static Selection Everything { get; } = new();

    /// <summary>The namespace; null for all namespaces, and for kinds without namespaces.</summary>
    public string? Namespace { get; init; }

    /// <summary>The label selector, in kubectl's syntax.</summary>
    public string? Labels { get; init; }

    /// <summary>The field selector, in kubectl's syntax.</summary>
    public string? Fields { get; init; }
}
