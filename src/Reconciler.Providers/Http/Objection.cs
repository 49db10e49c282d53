namespace Reconciler.Providers.Http;

/// <summary>What is wrong with an answer although its status is one of success.</summary>
/// <param name="Answer">How the answer says so, after "answered" where it is a refusal.</param>
/// <param name="Reason">The vendor's words for a refusal; null where the answer lacks what was asked for.</param>
internal sealed record Objection(string Answer, string? Reason = null);
