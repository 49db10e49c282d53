namespace Reconciler.Providers.Http;

/// <summary>Describes what is wrong with an answer whose status is one of success.</summary>
/// <param name="Answer">How the answer shows it; worded to follow "answered" where it is a refusal.</param>
/// <param name="Reason">The vendor's reason for a refusal; null where the answer lacks required data.</param>
internal sealed record Objection(string Answer, string? Reason = null);
