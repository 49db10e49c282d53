using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reconciler.Generators;

/// <summary>
/// Writes the shape of each manifest type at compile time: its fields with names, bounds, descriptions and setters.
/// The binder, the schemas and the reference pages walk these shapes, so none needs reflection, which a native program
/// has only in part.
/// </summary>
[Generator]
public sealed class ShapeGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor NoShape = new(
        "RECONCILER001",
        "A property of a manifest type has no shape",
        "{0} has no shape; expected text, a flag, a whole number, an enum of this project, a form, a manifest type, or "
            + "a read-only list or dictionary of these",
        "Manifests",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var types = context.SyntaxProvider.CreateSyntaxProvider(
            static (node, _) => node is ClassDeclarationSyntax { BaseList: not null },
            static (found, _) => ShapeOf((ClassDeclarationSyntax)found.Node, found.SemanticModel)
        );
        context.RegisterSourceOutput(types, Write);
        var words = context.SyntaxProvider.CreateSyntaxProvider(
            static (node, _) => node is EnumDeclarationSyntax,
            static (found, _) => WordsOf((EnumDeclarationSyntax)found.Node, found.SemanticModel)
        );
        context.RegisterSourceOutput(words, Write);
    }

    private static Written? ShapeOf(ClassDeclarationSyntax declaration, SemanticModel model) =>
        model.GetDeclaredSymbol(declaration) is INamedTypeSymbol { IsAbstract: false } type
        && ManifestTypes.IsPart(type)
            ? RecordText.Of(type)
            : null;

    // Only the enums that a manifest type of the project has as a property have words.
    private static Written? WordsOf(EnumDeclarationSyntax declaration, SemanticModel model) =>
        model.GetDeclaredSymbol(declaration) is INamedTypeSymbol { DeclaredAccessibility: Accessibility.Public } type
        && ManifestTypes.IsWord(type, model.Compilation)
            ? WordText.Of(type)
            : null;

    private static void Write(SourceProductionContext context, Written? written)
    {
        if (written is null)
            return;
        if (written.Fault is { } fault)
            context.ReportDiagnostic(Diagnostic.Create(NoShape, Location.None, fault));
        else
            context.AddSource(written.File, written.Text);
    }
}

/// <summary>One generated file, or why there is none.</summary>
internal sealed class Written : IEquatable<Written>
{
    private Written(string file, string text, string? fault) => (File, Text, Fault) = (file, text, fault);

    public string File { get; }

    public string Text { get; }

    public string? Fault { get; }

    public static Written As(string file, string text) => new(file, text, null);

    public static Written Not(string fault) => new("", "", fault);

    /// <inheritdoc/>
    public bool Equals(Written? other) =>
        other is not null && other.File == File && other.Text == Text && other.Fault == Fault;

    /// <inheritdoc/>
    public override bool Equals(object? other) => Equals(other as Written);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);
}
