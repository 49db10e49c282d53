using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Operator.Tests.Vendors;

/// <summary>A vendor that the sandbox imitates, and its VendorDefinition under any name.</summary>
internal static class DescribedVendor
{
    private static readonly string Text = File.ReadAllText(
        Repository.At("tests/Reconciler.Testing/Vendors/confident-ai.yaml")
    );

    /// <summary>The vendor.</summary>
    public static VendorRow Vendor { get; } = VendorRows.Of("confident-ai");

    /// <summary>The settings of an operator that reads VendorDefinitions.</summary>
    public static OperatorSettings With(OperatorSettings settings) => settings with { VendorDefinitions = true };

    /// <summary>A name that no other test has.</summary>
    public static string NewName() => $"acme-{Guid.NewGuid():N}"[..20];

    /// <summary>The definition under a name.</summary>
    public static string Definition(string name) =>
        Text.Replace("metadata: {name: confident-ai}", $"metadata: {{name: {name}}}", StringComparison.Ordinal);

    /// <summary>An AccessProvider of that name, which leads to the vendor.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="type">The name of the definition.</param>
    /// <param name="name">The AccessProvider's name.</param>
    public static string ProviderOf(OperatorScene scene, string type, string name = "vendor") =>
        scene
            .Provider(Vendor)
            .Replace("metadata: {name: vendor}", $"metadata: {{name: {name}}}", StringComparison.Ordinal)
            .Replace($"type: {Vendor.Type}", $"type: {type}", StringComparison.Ordinal);

    /// <summary>The vendor with one project, and an AccessProvider under a name that only a definition knows.</summary>
    public static async Task<OperatorScene> SetAsync(KubeApiServer server, string name)
    {
        var scene = await OperatorScene.SetDescribedAsync(server, Vendor, Array.Empty<SeedMember>());
        await scene.ApplyAsync(ProviderOf(scene, name));
        return scene;
    }
}
