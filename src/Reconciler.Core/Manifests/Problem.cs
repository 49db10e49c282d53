using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Manifests;

/// <summary>The severity of a problem.</summary>
public enum Severity
{
    /// <summary>The manifests are accepted.</summary>
    Warning,

    /// <summary>The manifests are refused.</summary>
    Error,
}

/// <summary>What a problem is about, for code that decides by it.</summary>
public enum ProblemKind
{
    /// <summary>What is written is wrong.</summary>
    Invalid,

    /// <summary>A document is named that does not exist.</summary>
    MissingReference,
}

/// <summary>A problem in a manifest.</summary>
/// <param name="Severity">The severity.</param>
/// <param name="Position">The place.</param>
/// <param name="Field">The field's path, such as <c>spec.members[2].email</c>; empty for a whole document.</param>
/// <param name="Message">What is wrong, what was expected, and a suggestion.</param>
public sealed record Problem(Severity Severity, Position Position, string Field, string Message)
{
    /// <summary>What it is about.</summary>
    public ProblemKind Kind { get; init; }

    /// <summary><c>path:line:column: field: message</c>.</summary>
    public override string ToString() =>
        Field.Length == 0 ? $"{Position}: {Message}" : $"{Position}: {Field}: {Message}";
}

/// <summary>Collects problems, so that all are reported at once.</summary>
public sealed class Problems
{
    private readonly List<Problem> _all = [];

    /// <summary>Whether there is an error, so that the manifests are refused.</summary>
    public bool HasErrors => ErrorCount > 0;

    /// <summary>How many errors were found so far.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>All problems, in the order of files, lines and columns, without duplicates.</summary>
    public IReadOnlyList<Problem> Sorted =>
        [
            .. _all.Distinct()
                .OrderBy(p => p.Position)
                .ThenBy(p => p.Field, StringComparer.Ordinal)
                .ThenBy(p => p.Message, StringComparer.Ordinal),
        ];

    /// <summary>Adds an error at a piece of text.</summary>
    /// <param name="at">The piece.</param>
    /// <param name="message">What is wrong, what was expected, a suggestion.</param>
    public void Error(Node at, string message) => Add(new(Severity.Error, at.Position, at.Path, message));

    /// <summary>Adds an error at a field that may be missing.</summary>
    /// <param name="at">The mapping that should hold the field.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="message">What is wrong, what was expected, a suggestion.</param>
    public void Error(MappingNode at, string field, string message)
    {
        var path = at.Path.Length == 0 ? field : $"{at.Path}.{field}";
        Add(new(Severity.Error, at.At(field).Position, path, message));
    }

    /// <summary>Adds an error at a place without a piece of text.</summary>
    /// <param name="position">The place.</param>
    /// <param name="message">What is wrong, what was expected, a suggestion.</param>
    public void Error(Position position, string message) => Add(new(Severity.Error, position, "", message));

    /// <summary>Adds an error at a place, for a field with a given path.</summary>
    /// <param name="position">The place.</param>
    /// <param name="field">The field's path.</param>
    /// <param name="message">What is wrong, what was expected, a suggestion.</param>
    public void Error(Position position, string field, string message) =>
        Add(new(Severity.Error, position, field, message));

    /// <summary>Adds an error at the name of a document that does not exist.</summary>
    /// <param name="at">The name.</param>
    /// <param name="message">What is wrong, what was expected, a suggestion.</param>
    public void MissingReference(Node at, string message) =>
        Add(new(Severity.Error, at.Position, at.Path, message) { Kind = ProblemKind.MissingReference });

    /// <summary>Adds a warning at a piece of text.</summary>
    /// <param name="at">The piece.</param>
    /// <param name="message">What to know and what to do.</param>
    public void Warning(Node at, string message) => Add(new(Severity.Warning, at.Position, at.Path, message));

    /// <summary>Adds a warning at a place without a piece of text.</summary>
    /// <param name="position">The place.</param>
    /// <param name="message">What to know and what to do.</param>
    public void Warning(Position position, string message) => Add(new(Severity.Warning, position, "", message));

    /// <summary>Adds the problems that were found elsewhere.</summary>
    /// <param name="others">These problems.</param>
    public void Include(Problems others)
    {
        _all.AddRange(others._all);
        ErrorCount += others.ErrorCount;
    }

    private void Add(Problem problem)
    {
        if (problem.Severity == Severity.Error)
            ErrorCount++;
        _all.Add(problem);
    }
}
