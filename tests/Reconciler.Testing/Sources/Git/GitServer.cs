using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Reconciler.Testing.Sources.Git;

/// <summary>
/// Serves a repository over HTTP on loopback: git's own CGI program behind a small server, as any host does it.
/// </summary>
public sealed class GitServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GitRepository _repository;

    private GitServer(GitRepository repository, X509Certificate2? certificate)
    {
        _repository = repository;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                System.Net.IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is not null)
                        listen.UseHttps(certificate);
                }
            )
        );
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>The repository's address.</summary>
    public string Url => $"{Site}/people.git";

    public string Site => _app.Urls.Single();

    /// <summary>The user and the password that are let in, as <c>user:password</c>; null lets everybody in.</summary>
    public string? Credentials { get; set; }

    /// <summary>Where it is set, every request is sent there.</summary>
    public string? RedirectTo { get; set; }

    /// <summary>Where it is set, answers wait for it.</summary>
    public Task? Gate { get; set; }

    /// <summary>Where it is set, half of a large answer is sent, and the rest waits for it.</summary>
    public Task? HalfGate { get; set; }

    /// <summary>The requests that came: method and path, and what they said about themselves.</summary>
    public ConcurrentQueue<(string Request, string Authorization)> Requests { get; } = [];

    public static async Task<GitServer> StartAsync(GitRepository repository, X509Certificate2? certificate = null)
    {
        var server = new GitServer(repository, certificate);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        // Stops at once, since requests that wait for a gate would never end.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        Requests.Enqueue(($"{context.Request.Method} {context.Request.Path}", authorization));
        if (Gate is { } gate)
            await gate.WaitAsync(context.RequestAborted);
        if (RedirectTo is { } elsewhere)
        {
            context.Response.Redirect($"{elsewhere}{context.Request.Path}{context.Request.QueryString}");
        }
        else if (
            Credentials is { } credentials
            && authorization != $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}"
        )
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
        }
        else
        {
            await RunAsync(context);
        }
    }

    private async Task RunAsync(HttpContext context)
    {
        var request = context.Request;
        var start = new ProcessStartInfo("git", ["http-backend"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        string[] variables =
        [
            "GIT_PROJECT_ROOT",
            _repository.Root,
            "GIT_HTTP_EXPORT_ALL",
            "1",
            "PATH_INFO",
            request.Path.Value!,
            "QUERY_STRING",
            request.QueryString.Value!.TrimStart('?'),
            "REQUEST_METHOD",
            request.Method,
            "CONTENT_TYPE",
            request.ContentType ?? "",
            "HTTP_CONTENT_ENCODING",
            request.Headers.ContentEncoding.ToString(),
            "GIT_PROTOCOL",
            request.Headers["Git-Protocol"].ToString(),
            "REMOTE_ADDR",
            "127.0.0.1",
            "GIT_CONFIG_GLOBAL",
            "/dev/null",
            "GIT_CONFIG_NOSYSTEM",
            "1",
        ];
        foreach (var pair in variables.Chunk(2))
            start.Environment[pair[0]] = pair[1];
        if (request.ContentLength is { } length)
            start.Environment["CONTENT_LENGTH"] = length.ToString(CultureInfo.InvariantCulture);
        using var git = Process.Start(start)!;
        await request.Body.CopyToAsync(git.StandardInput.BaseStream, context.RequestAborted);
        git.StandardInput.Close();
        var answer = new MemoryStream();
        await git.StandardOutput.BaseStream.CopyToAsync(answer, context.RequestAborted);
        await WriteAsync(context.Response, answer.ToArray(), context.RequestAborted);
    }

    private async Task WriteAsync(HttpResponse response, byte[] answer, CancellationToken gone)
    {
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var header in Encoding.ASCII.GetString(answer, 0, end).Split("\r\n").Select(h => h.Split(": ", 2)))
        {
            if (header[0] == "Status")
                response.StatusCode = int.Parse(header[1].Split(' ')[0], CultureInfo.InvariantCulture);
            else
                response.Headers[header[0]] = header[1];
        }

        var body = answer.AsMemory(end + 4);
        var half = HalfGate is not null && body.Length > 1024 * 1024 ? body.Length / 2 : 0;
        await response.Body.WriteAsync(body[..half], gone);
        if (half > 0)
        {
            await response.Body.FlushAsync(gone);
            await HalfGate!.WaitAsync(gone);
        }

        await response.Body.WriteAsync(body[half..], gone);
    }
}
