using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>Reasons why a person in a project is not managed.</summary>
public enum NotManagedReason
{
    /// <summary>All access comes from above, such as a group or a parent project.</summary>
    Inherited,

    /// <summary>The provider's ignore list names the person.</summary>
    Ignored,

    /// <summary>It is a machine account of the vendor.</summary>
    Machine,

    /// <summary>The person is the vendor's one Owner.</summary>
    VendorOwner,

    /// <summary>It is the account that Reconciler acts as.</summary>
    Actor,

    /// <summary>A Guardrail protects the person.</summary>
    Protected,
}

/// <summary>A person in a project who is not managed: nobody declares them, and nothing takes them away.</summary>
/// <param name="Key">The person's key.</param>
/// <param name="Label">The text to show for the person.</param>
/// <param name="Reason">Why the person is not managed.</param>
public sealed record NotManaged(string Key, string Label, NotManagedReason Reason)
{
    /// <summary>Returns what the person is, such as <c>a machine account</c>.</summary>
    /// <param name="reason">The reason.</param>
    public static string WhatOf(NotManagedReason reason) =>
        reason switch
        {
            NotManagedReason.Ignored => "on the provider's ignore list",
            NotManagedReason.Machine => "a machine account",
            NotManagedReason.VendorOwner => "the vendor's Owner",
            NotManagedReason.Actor => "the account that Reconciler acts as",
            NotManagedReason.Inherited => "a member by a group or a parent project alone",
            _ => "protected by a Guardrail",
        };

    /// <summary>Returns the reason as the end of a sentence about the person.</summary>
    /// <param name="reason">The reason.</param>
    internal static string WhyOf(NotManagedReason reason) => $"is {WhatOf(reason)}";

    internal static NotManaged Of(PersonIdentity person, NotManagedReason reason) =>
        new(person.Key, person.Label, reason);
}
