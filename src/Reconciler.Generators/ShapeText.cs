using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reconciler.Generators;

/// <summary>The expression that makes the shape of a property's value.</summary>
internal static class ShapeText
{
    // The most entries of a list or dictionary without [MaxItems].
    private const string MostItems = "10_000";

    /// <summary>The expression; null for a type that no manifest can hold.</summary>
    public static string? Of(ITypeSymbol type, IPropertySymbol field)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            return Of(nullable.TypeArguments[0], field);
        if (type.TypeKind == TypeKind.Enum)
            return IsOfSameProject(type, field) ? $"{NameOf(type)}Words.Shape" : null;
        if (ManifestTypes.IsPart(type))
            return $"{NameOf(type)}.Shape";
        if (ManifestTypes.IsAccess(type))
            return $"new {ManifestTypes.Shapes}.AccessShape()";
        if (ManifestTypes.IsTemplate(type))
            return $"new {ManifestTypes.Shapes}.TemplateShape()";
        if (ManifestTypes.IsForm(type))
            return Form(type, field);
        return type.SpecialType switch
        {
            SpecialType.System_String => $"new {ManifestTypes.Shapes}.TextShape({Made(field, "TextAttribute", "")})",
            SpecialType.System_Boolean => $"new {ManifestTypes.Shapes}.FlagShape()",
            SpecialType.System_Int32 =>
                $"new {ManifestTypes.Shapes}.NumberShape({Made(field, "NumberAttribute", "0, int.MaxValue")})",
            _ => Collection((INamedTypeSymbol)type, field),
        };
    }

    private static string? Collection(INamedTypeSymbol type, IPropertySymbol field)
    {
        var kind = type.Name switch
        {
            "IReadOnlyList" => "ListShape",
            "IReadOnlyDictionary" when type.TypeArguments[0].SpecialType == SpecialType.System_String => "MapShape",
            _ => null,
        };
        if (kind is null || Of(type.TypeArguments.Last(), field) is not { } item)
            return null;
        var most = ManifestTypes.Find(field, "MaxItemsAttribute")?.ConstructorArguments[0].ToCSharpString();
        return $"new {ManifestTypes.Shapes}.{kind}<{NameOf(type.TypeArguments.Last())}>({item}, {most ?? MostItems})";
    }

    private static string Form(ITypeSymbol type, IPropertySymbol field)
    {
        var least = ManifestTypes.Find(field, "AtLeastAttribute");
        var unit = least?.NamedArguments.Where(a => a.Key == "Unit").Select(a => a.Value.ToCSharpString());
        return $"new {ManifestTypes.Shapes}.FormShape<{NameOf(type)}>("
            + $"{least?.ConstructorArguments[0].ToCSharpString() ?? "null"}, {unit?.FirstOrDefault() ?? "'m'"})";
    }

    // The attribute of the field, made again, or the usual one.
    private static string Made(IPropertySymbol field, string name, string usual)
    {
        var found = ManifestTypes.Find(field, name);
        var arguments = found is null
            ? usual
            : string.Join(", ", found.ConstructorArguments.Select(a => a.ToCSharpString()));
        var named = found?.NamedArguments.Select(a => $"{a.Key} = {a.Value.ToCSharpString()}") ?? [];
        return $"new {ManifestTypes.Shapes}.{name}({arguments}) {{ {string.Join(", ", named)} }}";
    }

    private static bool IsOfSameProject(ITypeSymbol type, IPropertySymbol field) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, field.ContainingAssembly);

    private static string NameOf(ITypeSymbol type) =>
        type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)
            .ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
