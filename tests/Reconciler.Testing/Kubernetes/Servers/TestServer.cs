using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Reconciler.Testing.Kubernetes.Servers;

/// <summary>A real HTTP server on loopback that answers as it is told.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app, bool secure)
    {
        _app = app;
        var bound = new Uri(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
        );
        Address = new Uri($"{(secure ? "https" : "http")}://127.0.0.1:{bound.Port}/");
    }

    public Uri Address { get; }

    public static async Task<TestServer> StartAsync(
        RequestDelegate answer,
        X509Certificate2? certificate = null,
        bool asksForCertificate = false
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is null)
                        return;
                    listen.UseHttps(
                        certificate,
                        https =>
                        {
                            https.ClientCertificateMode = asksForCertificate
                                ? ClientCertificateMode.AllowCertificate
                                : ClientCertificateMode.NoCertificate;
                            https.ClientCertificateValidation = (_, _, _) => true;
                        }
                    );
                }
            );
        });
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, certificate is not null);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
