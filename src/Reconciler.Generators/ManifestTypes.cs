using Microsoft.CodeAnalysis;

namespace Reconciler.Generators;

/// <summary>What the generator knows about the types of manifests.</summary>
internal static class ManifestTypes
{
    public const string Shapes = "global::Reconciler.Core.Manifests.Shapes";

    private const string Part = "Reconciler.Core.Manifests.ManifestPart";
    private const string Form = "Reconciler.Core.Manifests.Values.IFieldText<T>";
    private const string Access = "Reconciler.Core.Manifests.AccessWords";
    private const string Template = "Reconciler.Core.Manifests.JsonTemplate";

    public static bool IsPart(ITypeSymbol type)
    {
        for (var above = type.BaseType; above is not null; above = above.BaseType)
        {
            if (above.ToDisplayString() == Part)
                return true;
        }

        return false;
    }

    public static bool IsForm(ITypeSymbol type) =>
        type.AllInterfaces.Any(i => i.OriginalDefinition.ToDisplayString() == Form);

    public static bool IsAccess(ITypeSymbol type) => type.OriginalDefinition.ToDisplayString() == Access;

    /// <summary>Whether a value is a JSON value with placeholders.</summary>
    public static bool IsTemplate(ITypeSymbol type) => type.OriginalDefinition.ToDisplayString() == Template;

    /// <summary>Whether a property of a manifest type in the project holds the enum.</summary>
    public static bool IsWord(INamedTypeSymbol type, Compilation compilation) =>
        Types(compilation.Assembly.GlobalNamespace)
            .Where(IsPart)
            .SelectMany(Fields)
            .Any(p => SymbolEqualityComparer.Default.Equals(Bare(p.Type), type));

    /// <summary>The fields: those of the base type first, each in the order of the code.</summary>
    public static IEnumerable<IPropertySymbol> Fields(INamedTypeSymbol type)
    {
        var below = type.BaseType is { } above && IsPart(above) ? Fields(above) : [];
        return below.Concat(
            type.GetMembers()
                .OfType<IPropertySymbol>()
                .Where(p =>
                    p is { IsStatic: false, SetMethod: not null, DeclaredAccessibility: Accessibility.Public }
                    && Find(p, "NotAFieldAttribute") is null
                )
        );
    }

    public static AttributeData? Find(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass?.Name == name);

    /// <summary>The type of a value without its list, dictionary and <c>?</c>.</summary>
    public static ITypeSymbol Bare(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsGenericType: true } generic ? Bare(generic.TypeArguments.Last()) : type;

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceSymbol space) =>
        space.GetTypeMembers().Concat(space.GetNamespaceMembers().SelectMany(Types));
}
