using System.Text;
using Microsoft.AspNetCore.Http;
using Reconciler.Testing.Fuzzing;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Fuzzing;

/// <summary>Calls of the webhook: the first line has headers between bars, the rest is the body.</summary>
public static class WorkerTargets
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("a-secret-that-no-input-has");

    public static IReadOnlyList<FuzzTarget> All { get; } = [new("webhook", CallAsync)];

    private static async Task CallAsync(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        var context = new DefaultHttpContext();
        foreach (var header in Encoding.UTF8.GetString(input, 0, Math.Max(0, end)).Split('|').Select(h => h.Split(':', 2)))
        {
            if (header.Length == 2 && header[0].Trim() is { Length: > 0 } name)
                context.Request.Headers[name] = header[1].Trim();
        }

        using var body = new MemoryStream(input[(end + 1)..]);
        context.Request.Body = body;
        FuzzTarget.Hold(!await PushSignature.IsGenuineAsync(context.Request, Secret), "a call without the secret counts");
    }
}
