using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reconciler.Generators;

namespace Reconciler.Tests.Generators;

/// <summary>What the generator of shapes writes, and what it refuses.</summary>
public sealed class ShapeGeneratorTests
{
    [Theory]
    [InlineData("Plain text.", "Plain text.")]
    [InlineData("\n///  Over\n///  two   lines.\n///  ", "Over two lines.")]
    [InlineData("The <c>prune</c> of <see cref=\"Sample.Name\"/>.", "The prune of Name.")]
    [InlineData(
        "See <see cref=\"Sample.Run(int)\">the run</see>, <see langword=\"null\"/>, <paramref name=\"x\"/>.",
        "See the run, null, x."
    )]
    [InlineData("See <see cref=\"Sample.Run(int)\"/>.", "See Run.")]
    [InlineData("One.<para>Two.</para>Three.", "One. Two. Three.")]
    [InlineData("a &lt; b &amp; c", "a < b & c")]
    [InlineData("no <c>XML", "")]
    public void A_summary_becomes_plain_text(string summary, string plain)
    {
        var text = Generate(
            $$"""
            /// <summary>{{summary}}</summary>
            public sealed partial class Sample : ManifestPart
            {
                /// <summary>{{summary}}</summary>
                public string? Name { get; init; }

                public void Run(int x) { }
            }
            """,
            out var faults
        );
        Assert.Empty(faults);
        Assert.Contains($"typeof(Sample),\n        \"{plain}\"", text, StringComparison.Ordinal);
        Assert.Contains($"Summary = \"{plain}\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("System.DateTime When { get; init; }")]
    [InlineData("System.Collections.Generic.List<string> When { get; init; }")]
    [InlineData("System.Collections.Generic.IReadOnlyDictionary<int, string> When { get; init; }")]
    [InlineData("System.DayOfWeek When { get; init; }")]
    [InlineData("System.Collections.Generic.IReadOnlyList<System.Guid>? When { get; init; }")]
    public void A_property_that_no_manifest_can_hold_is_an_error_of_the_build(string property)
    {
        Generate($"public sealed partial class Sample : ManifestPart {{ public {property} }}", out var faults);
        var fault = Assert.Single(faults);
        Assert.Equal(("RECONCILER001", DiagnosticSeverity.Error), (fault.Id, fault.Severity));
        Assert.Contains("Sample.When has no shape", fault.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_is_no_part_of_a_manifest_gets_no_shape() =>
        Assert.Empty(Generate("public sealed class Sample : System.IDisposable { public void Dispose() { } }", out _));

    private static string Generate(string code, out IReadOnlyList<Diagnostic> faults)
    {
        var options = CSharpParseOptions
            .Default.WithLanguageVersion(LanguageVersion.Latest)
            .WithDocumentationMode(DocumentationMode.Parse);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText($"#nullable enable\nusing Reconciler.Core.Manifests;\n{code}", options)],
            references
        );
        var result = CSharpGeneratorDriver
            .Create([new ShapeGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGenerators(compilation, TestContext.Current.CancellationToken)
            .GetRunResult();
        faults = result.Diagnostics;
        return string.Concat(result.GeneratedTrees.Select(t => t.ToString()));
    }
}
