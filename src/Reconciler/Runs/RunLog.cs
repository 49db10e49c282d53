using System.Globalization;
using Reconciler.Core.Text;
using Reconciler.Options;
using Reconciler.Providers.Http;

namespace Reconciler.Runs;

/// <summary>
/// What -v and -vv tell while a run goes on: a line each, with its time, escaped for a terminal. Requests are told
/// without query, body and headers, so that no token can be among it.
/// </summary>
/// <param name="error">Where to.</param>
/// <param name="clock">The time.</param>
/// <param name="verbosity">How much is told.</param>
internal sealed class RunLog(TextWriter error, TimeProvider clock, Verbosity verbosity)
{
    private readonly Lock _lock = new();

    /// <summary>Tells nothing.</summary>
    public static RunLog None { get; } = new(TextWriter.Null, TimeProvider.System, Verbosity.Brief);

    public bool TellsSteps => verbosity >= Verbosity.Steps;

    /// <summary>Tells a step; null where steps are not told, so that nobody has to make the text.</summary>
    public Action<string>? Step => TellsSteps ? Write : null;

    public bool TellsRequests => verbosity >= Verbosity.Requests;

    /// <summary>Tells a request to a base URL.</summary>
    public void Request(Uri baseUrl, RequestSeen seen) => Write(Line(baseUrl, seen));

    private static string Line(Uri baseUrl, RequestSeen seen)
    {
        var answer = seen.Status?.ToString(CultureInfo.InvariantCulture) ?? $"no answer ({seen.Fate})";
        var theirs = seen.VendorRequestId is { } id ? $", the vendor's {id}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{seen.Method} {baseUrl.Authority}{baseUrl.AbsolutePath.TrimEnd('/')}{seen.Path} → {answer} in "
                + $"{seen.Duration.TotalMilliseconds:0} ms, attempt {seen.Attempt}, request {seen.RequestId}{theirs}"
        );
    }

    private void Write(string text)
    {
        var time = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        lock (_lock)
            error.WriteLine($"{time} {TerminalText.Escape(text)}");
    }
}
