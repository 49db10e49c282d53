using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Server;

/// <summary>Handles a request: control call, or fault, vendor, log and answer.</summary>
internal sealed class Pipeline(
    IReadOnlyDictionary<string, SandboxConnection> connections,
    FaultRules faults,
    LaggingAnswers lagging,
    RequestLog log,
    SandboxOptions options,
    ControlApi controls,
    CancellationToken stopping
)
{
    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (ControlApi.Owns(path))
        {
            await WriteAsync(context, controls.Answer(context.Request, await BodyAsync(context)));
            return;
        }

        var connection = connections.GetValueOrDefault(FirstSegment(path));
        if (connection is null || !path.StartsWith(connection.Root + "/", StringComparison.Ordinal))
        {
            await WriteAsync(
                context,
                VendorAnswer.Json(404, JsonText.Error("No connection of the sandbox has this address."))
            );
            return;
        }

        await HandleAsync(context, connection, path[connection.Root.Length..]);
    }

    private static string FirstSegment(string path)
    {
        var end = path.IndexOf('/', 1);
        return end < 0 ? "" : path[1..end];
    }

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return [];
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }

    private static async Task WriteAsync(HttpContext context, VendorAnswer answer, bool truncated = false)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        foreach (var (header, value) in answer.Headers)
            response.Headers.Append(header, value);
        if (answer.ContentType is null || context.Request.Method is "HEAD")
            return;
        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(
            truncated ? answer.Body[..(answer.Body.Length / 2)] : answer.Body,
            context.RequestAborted
        );
        if (!truncated)
            return;
        await response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private async Task HandleAsync(HttpContext context, SandboxConnection connection, string path)
    {
        var body = await BodyAsync(context);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var text = Encoding.UTF8.GetString(body);
        await ReachAsync(SandboxPhase.Arrived);
        var fault = faults.Match(connection.Name, context.Request.Method, target, text);
        // A client that gives up does not end the delay, since a slow server handles the request all the same.
        if (fault is { Delay: { Ticks: > 0 } delay })
            await Task.Delay(delay, TimeProvider.System, stopping);

        var answer = fault is null ? null : BrokenAnswer.Instead(fault, target);
        if (answer is null && fault?.Kind is not FaultKind.Reset)
            answer = connection.Answer(Request(context.Request, connection.Root, path, body));
        if (answer is not null && fault is { Kind: FaultKind.Lag } && context.Request.Method is "GET")
            answer = lagging.Delayed(target, answer, fault.Readings);
        // The mark shows tests that check answers against a specification which ones are broken on purpose.
        if (answer is not null && fault is not null)
            answer = BrokenAnswer.Spoil(fault, answer, target).With(BrokenAnswer.Mark, fault.Kind.ToString());

        // Logged before the answer is sent, so that a client that has the answer finds the request in the log.
        log.Add(
            new(options.Clock.GetUtcNow(), connection.Name, context.Request.Method, target, answer?.Status ?? 0, text)
            {
                RequestId = context.Request.Headers["X-Request-Id"].FirstOrDefault(),
            }
        );
        await ReachAsync(SandboxPhase.Handled);
        if (answer is null || fault?.Kind is FaultKind.LostResponse)
            context.Abort();
        else
            await WriteAsync(context, answer, fault?.Kind is FaultKind.TruncatedBody);

        Task ReachAsync(SandboxPhase phase) =>
            options.OnRequest?.Invoke(new(phase, connection.Name, context.Request.Method, target), stopping)
            ?? Task.CompletedTask;
    }

    private static VendorRequest Request(HttpRequest request, string root, string path, byte[] body) =>
        new(
            request.Method,
            $"{request.Scheme}://{request.Host.Value}",
            root,
            path,
            request.QueryString.Value ?? "",
            request.Query,
            request.Headers,
            body
        );
}
