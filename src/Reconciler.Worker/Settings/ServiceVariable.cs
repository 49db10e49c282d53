using System.Text.RegularExpressions;

namespace Reconciler.Worker.Settings;

/// <summary>
/// Variables that Kubernetes sets in every pod for each Service of the namespace. Those of a Service called
/// reconciler-worker, or reconciler-worker-status, begin as the worker's settings do.
/// </summary>
internal static partial class ServiceVariable
{
    /// <summary>Whether a variable is one of them.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">
    /// Its value: that of _PORT is an address such as tcp://10.0.0.11:8080, and none that a person writes there.
    /// </param>
    public static bool Is(string name, string value) =>
        OfService().IsMatch(name) || (name.EndsWith("_PORT", StringComparison.Ordinal) && Address().IsMatch(value));

    [GeneratedRegex(
        "^RECONCILER_WORKER_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?"
            + "|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex OfService();

    [GeneratedRegex("^(tcp|udp|sctp)://[^ ]+:[0-9]+$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Address();
}
