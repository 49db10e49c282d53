using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Reconciler.Manifests.Schemas.Crds;

/// <summary>The parts of a custom resource definition besides the fields of its manifest.</summary>
/// <param name="ShortName">Its short name for kubectl.</param>
/// <param name="Columns">What <c>kubectl get</c> shows.</param>
public sealed record CrdParts(string ShortName, ImmutableArray<PrinterColumn> Columns)
{
    /// <summary>The schema of its status; null if it has none.</summary>
    public Func<JsonObject>? Status { get; init; }
}

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Path">Where its value stands.</param>
/// <param name="Type">The value's type.</param>
public sealed record PrinterColumn(string Name, string Path, string Type = "string")
{
    /// <summary>Its description, for <c>kubectl explain</c> and similar tools; null if there is none.</summary>
    public string? Description { get; init; }

    /// <summary>Whether only <c>-o wide</c> shows it.</summary>
    public bool Wide { get; init; }
}
