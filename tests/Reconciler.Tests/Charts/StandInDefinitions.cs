namespace Reconciler.Tests.Charts;

/// <summary>Definitions that take anything, for kinds whose own are not generated into the chart.</summary>
internal static class StandInDefinitions
{
    private static readonly (string Plural, string Kind)[] Kinds =
    [
        ("projectmemberships", "ProjectMembership"), ("accessproviders", "AccessProvider"), ("teams", "Team"), ("accessroles", "AccessRole"), ("persons", "Person"), ("guardrails", "Guardrail"),
    ];

    /// <summary>Puts those that are missing into a copy of the chart.</summary>
    public static void Complete(string chart)
    {
        foreach (var folder in (string[])["crds", "crds-cel"])
        {
            foreach (var (plural, kind) in Kinds)
            {
                var file = Path.Combine(chart, "files", folder, $"{plural}.yaml");
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                if (!File.Exists(file)) File.WriteAllText(file, Definition(plural, kind));
            }
        }
    }

    private static string Definition(string plural, string kind) => $$$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: {{{plural}}}.reconciler.dev}
        spec:
          group: reconciler.dev
          scope: Namespaced
          names: {plural: {{{plural}}}, singular: {{{kind.ToLowerInvariant()}}}, kind: {{{kind}}}, categories: [reconciler]}
          versions:
          - name: v1alpha1
            served: true
            storage: true
            subresources: {status: {}}
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {spec: {type: object, maxProperties: 2000000, x-kubernetes-preserve-unknown-fields: true} } } }

        """;
}
