namespace Reconciler.Reports;

/// <summary>The newest hash of an account's audit trail.</summary>
/// <param name="VendorType">The vendor.</param>
/// <param name="BaseUrl">The account's base URL.</param>
/// <param name="Head">The hash.</param>
public sealed record AuditHead(string VendorType, string BaseUrl, string Head);
