namespace Reconciler.Reports;

/// <summary>The newest hash in the audit trail of an account.</summary>
/// <param name="VendorType">The type of the vendor.</param>
/// <param name="BaseUrl">The account's base URL.</param>
/// <param name="Head">The hash.</param>
public sealed record AuditHead(string VendorType, string BaseUrl, string Head);
