using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Reconciler.Hosting.Web;

namespace Reconciler.Worker.Web;

/// <summary>
/// Who may see the status page. With a token: whoever sends it. Without: whoever is on this machine. A foreign Host
/// header is refused, since a stranger's name may lead a browser here (DNS rebinding).
/// </summary>
internal sealed class StatusGuard
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";
    private const string Challenge = "Basic realm=\"Reconciler\", charset=\"UTF-8\"";
    private static readonly string[] LocalHosts = ["localhost", "127.0.0.1", "[::1]"];

    private readonly SecretFile? _token;
    private readonly ILogger? _log;

    /// <summary>Makes one.</summary>
    /// <param name="token">The token; null for none.</param>
    /// <param name="log">Where failures are logged; null for nowhere.</param>
    public StatusGuard(SecretFile? token, ILogger? log) => (_token, _log) = (token, log);

    /// <summary>Makes sure, before anything listens, that not everybody could read the page.</summary>
    /// <param name="listen">Where it would listen.</param>
    /// <exception cref="ListenerException">Everybody could, or the token cannot be read.</exception>
    public void Require(IPEndPoint listen)
    {
        if (_token is null && !ListenAddress.IsLoopback(listen))
            throw new ListenerException(
                $"the status page names people, and other machines reach {listen}: set a token, or listen on 127.0.0.1"
            );
        _token?.Require("token of the status page");
    }

    /// <summary>What a request is answered that may see nothing; null where it may.</summary>
    /// <param name="context">The request.</param>
    public HttpAnswer? Refusal(HttpContext context)
    {
        if (_token is null)
            return LocalHosts.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase)
                ? null
                : HttpAnswer.Text(
                    StatusCodes.Status421MisdirectedRequest,
                    "this page answers to localhost, 127.0.0.1 and [::1] only; set a token to reach it by another name"
                );
        if (_token.Read(out var reason) is not { } token)
        {
            _log?.LogError("The token of the status page cannot be read: {Reason}", reason);
            return HttpAnswer.Text(StatusCodes.Status503ServiceUnavailable, "the token cannot be read");
        }

        if (Said(context.Request) is { } said && SecretFile.Matches(token, said))
            return null;
        context.Response.Headers.WWWAuthenticate = Challenge;
        return HttpAnswer.Text(StatusCodes.Status401Unauthorized, "unauthorized");
    }

    // A browser asks for a user and a password, so the token is taken as the password and any user is accepted.
    private static string? Said(HttpRequest request)
    {
        if (request.Headers.Authorization is not { Count: 1 } values)
            return null;
        var header = values.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return header[Bearer.Length..].Trim();
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }
}
