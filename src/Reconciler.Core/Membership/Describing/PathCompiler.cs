using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Membership.Describing;

/// <summary>Checks paths: every segment is literal text, placeholders, or both, and none leads elsewhere.</summary>
internal static class PathCompiler
{
    public static ImmutableArray<TextTemplate> Compile(
        string? path,
        MappingNode part,
        IReadOnlyCollection<string> placeholders,
        Problems problems
    )
    {
        if (path is null)
            return [];
        var at = part.At("path");
        if (!path.StartsWith('/') || path.EndsWith('/') || path.Contains("//", StringComparison.Ordinal))
        {
            problems.Error(
                at,
                $"is {ProblemText.Quote(path)}; expected a path that begins with / and does not end in one"
                    + (path.EndsWith('/') ? ", and closedPaths: true where the vendor's paths end in a slash" : "")
            );
            return [];
        }

        var segments = ImmutableArray.CreateBuilder<TextTemplate>();
        foreach (var segment in path[1..].Split('/'))
        {
            if (TextTemplate.Parse(segment) is not { } template)
            {
                problems.Error(at, $"has an open brace in {ProblemText.Quote(segment)}; expected {{NAME}}");
                continue;
            }

            // A placeholder stands for an id here, whose own text is checked when it is known.
            if (VendorId.Problem(template.Fill(_ => "x"), uuid: false) is not null)
                problems.Error(
                    at,
                    $"has the segment {ProblemText.Quote(segment)}; "
                        + "expected no dots alone, spaces, control characters and any of \\ % ? #; "
                        + "parameters go into query"
                );
            CheckNames(template.Parts, at, placeholders, problems);
            segments.Add(template);
        }

        return segments.ToImmutable();
    }

    /// <summary>Reports placeholders that have no source.</summary>
    public static void CheckNames(
        IEnumerable<TemplatePart> parts,
        Node at,
        IReadOnlyCollection<string> placeholders,
        Problems problems
    )
    {
        foreach (var part in parts.Where(p => p.IsPlaceholder && !placeholders.Contains(p.Text)))
            problems.Error(
                at,
                $"has the placeholder {{{part.Text}}}, which has no value here; "
                    + $"expected {ProblemText.List(placeholders.Select(p => $"{{{p}}}"))}"
                    + ProblemText.DidYouMean(part.Text, placeholders)
            );
    }
}
