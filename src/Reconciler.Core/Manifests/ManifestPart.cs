using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Manifests;

/// <summary>A mapping of a manifest with its place in the text, so that later checks can point at the line.</summary>
public abstract class ManifestPart
{
    /// <summary>The text that this was read from; an empty mapping for values that were made in code.</summary>
    [NotAField]
    public MappingNode Origin { get; internal set; } = MappingNode.None;

    /// <summary>The shape of the value's own type; generated from its properties.</summary>
    public abstract RecordShape OwnShape { get; }
}

/// <summary>
/// Access as written, in the words of a vendor that is not known until the reference to it is resolved.
/// </summary>
/// <param name="Origin">The mapping, such as <c>{permissions: [CAN_VIEW_DATA]}</c>.</param>
public sealed record AccessWords(MappingNode Origin);

/// <summary>A JSON value with placeholders, as a VendorDefinition writes it; checked later, with its call.</summary>
/// <param name="Origin">The value, such as <c>{email: "{email}"}</c>.</param>
public sealed record JsonTemplate(Node Origin);
