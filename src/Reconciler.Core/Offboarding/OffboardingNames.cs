using System.Collections.Immutable;

namespace Reconciler.Core.Offboarding;

/// <summary>The names of a person who is leaving.</summary>
/// <param name="Email">The address that was given, or the place and the login.</param>
/// <param name="OtherAddresses">The keys of their other addresses.</param>
/// <param name="Persons">The Persons that have one of them, or the login, with their namespaces.</param>
public sealed record OffboardingNames(
    string Email,
    ImmutableArray<string> OtherAddresses,
    ImmutableArray<string> Persons
);
