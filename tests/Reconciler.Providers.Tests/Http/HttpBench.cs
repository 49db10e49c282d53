using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Testing;
using Reconciler.Testing.Providers.Http;

namespace Reconciler.Providers.Tests.Http;

/// <summary>A stub vendor and the HTTP layer before it.</summary>
internal sealed class HttpBench : IAsyncDisposable
{
    public const string Token = "s3cr3t-t0ken";
    public const string Ok = """{"name":"ana"}""";

    // Longer than any wait of a test: one that hangs fails instead.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly StubVendor _vendor;

    public HttpBench(params string[] answers)
        : this(new StubVendor(answers)) { }

    public HttpBench(StubVendor vendor, Func<ConnectionSettings, ConnectionSettings>? change = null)
    {
        _vendor = vendor;
        var settings = new ConnectionSettings(vendor.Url, _ => ValueTask.FromResult(Token))
        {
            Backoff = TimeSpan.FromMilliseconds(1),
            Observer = Seen.Enqueue,
            RequestIds = () => "r-1",
        };
        Http = new VendorHttp(change is null ? settings : change(settings), TokenHeader.Bearer);
    }

    public VendorHttp Http { get; }

    public ConcurrentQueue<RequestSeen> Seen { get; } = [];

    public IReadOnlyCollection<string> Requests => _vendor.Requests;

    public ApiRequest Request(Effect effect) =>
        new(
            effect,
            effect is Effect.Read ? HttpMethod.Get : HttpMethod.Post,
            Http.Address.Of(closed: true, ["projects", "p1"])
        );

    public async Task<string> SendAsync(Effect effect, CancellationToken? cancellation = null) =>
        (
            await Http.SendAsync(
                    Request(effect),
                    EchoJson.Default.Echo,
                    cancellation ?? TestContext.Current.CancellationToken
                )
                .WaitAsync(Deadline)
        ).Name;

    /// <summary>Sends, and expects a fault whose whole text, with all that it wraps, is free of the token.</summary>
    public async Task<ProviderException> FailAsync(Effect effect)
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => SendAsync(effect));
        Assert.DoesNotContain(Token, failure.ToString(), StringComparison.Ordinal);
        return failure;
    }

    /// <summary>Comes back once so many requests have come in.</summary>
    public Task ArriveAsync(int requests) => Eventually.Async(() => Requests.Count >= requests);

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        return _vendor.DisposeAsync();
    }
}

internal sealed record Echo(string Name);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(Echo))]
internal sealed partial class EchoJson : JsonSerializerContext;
