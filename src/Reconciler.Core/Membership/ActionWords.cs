namespace Reconciler.Core.Membership;

/// <summary>The words for kinds of actions, as audit entries and reports have them.</summary>
public static class ActionWords
{
    /// <summary>Names a kind of action in lower case, such as <c>invite</c>.</summary>
    /// <param name="kind">The kind.</param>
    public static string Of(ActionKind kind) => kind.ToString().ToLowerInvariant();
}
