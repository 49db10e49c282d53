using Reconciler.Core.Ports;

namespace Reconciler.Operator.Status;

/// <summary>
/// Why a vendor could not be read, in the word that every status and Event uses: one cause has one reason.
/// </summary>
/// <param name="Reason">The reason.</param>
/// <param name="IsStalled">Whether it stays so until somebody acts.</param>
internal sealed record FailureReason(string Reason, bool IsStalled)
{
    /// <summary>Returns the reason of a fault.</summary>
    public static FailureReason Of(ProviderFault fault) =>
        fault switch
        {
            ProviderFault.Configuration => new(StatusReasons.SecretNotFound, true),
            ProviderFault.Unauthorized => new(StatusReasons.CredentialsRefused, true),
            ProviderFault.Forbidden => new(StatusReasons.Forbidden, true),
            ProviderFault.NotFound => new(StatusReasons.ProjectNotFound, true),
            ProviderFault.Invalid => new(StatusReasons.Invalid, true),
            ProviderFault.RateLimited => new(StatusReasons.RateLimited, false),
            ProviderFault.Refused => new(StatusReasons.Failed, false),
            _ => new(StatusReasons.Unreachable, false),
        };

    /// <summary>Composes the conditions.</summary>
    /// <param name="message">Their message.</param>
    public Conditions With(string message) =>
        IsStalled ? Conditions.Stalled(Reason, message) : Conditions.Working(Reason, message);
}
