using YamlDotNet.RepresentationModel;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>A pod that an object of the chart makes, or is.</summary>
/// <param name="Owner">Kind and name of the object.</param>
/// <param name="Spec">The pod's spec.</param>
internal sealed record RenderedPod(string Owner, YamlNode Spec)
{
    /// <summary>Its containers.</summary>
    public IEnumerable<YamlNode> Containers => Chart.Items(Spec, "containers");

    /// <summary>What its container is started with, after the program's name.</summary>
    public IEnumerable<string> Arguments =>
        Containers.SelectMany(c => Chart.Items(c, "args")).Select(a => ((YamlScalarNode)a).Value!);

    /// <summary>The pod of an object; none where it makes none.</summary>
    public static IEnumerable<RenderedPod> Of(YamlMappingNode one)
    {
        var owner = $"{Chart.Text(one, "kind")} {Chart.Text(one, "metadata", "name")}";
        var spec = Chart.Text(one, "kind") switch
        {
            "Pod" => Chart.At(one, "spec"),
            "Deployment" => Chart.At(one, "spec", "template", "spec"),
            _ => null,
        };
        return spec is null ? [] : [new(owner, spec)];
    }
}
