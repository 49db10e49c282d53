using System.Text.Json;
using System.Threading.Channels;
using Reconciler.Testing.Providers.Http;
using Reconciler.Worker;
using Reconciler.Worker.Notifications;

namespace Reconciler.Testing.Hosts.Worker.Notifications;

/// <summary>
/// A notifier, a receiver on a real socket that answers as it is told, and a clock that only the test moves.
/// </summary>
public sealed class NotifierBench : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 X\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    public const string Digest = "hold:sha256:0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f";

    private readonly Channel<bool> _delivered = Channel.CreateUnbounded<bool>();

    public NotifierBench(params string[] answers)
        : this(new StubVendor(answers.Length == 0 ? [Ok] : answers), null) { }

    internal NotifierBench(StubVendor receiver, Func<string, NotificationTarget>? target)
    {
        Receiver = receiver;
        Notifier = new(
            [(target ?? (url => new("notifications[0]") { Url = url }))(Url)],
            Clock,
            Log,
            d => _delivered.Writer.TryWrite(d)
        );
    }

    public StubVendor Receiver { get; }

    public FakeClock Clock { get; } = new();

    public KeptLog Log { get; } = new();

    internal Notifier Notifier { get; }

    /// <summary>The whole of it is a secret, as Slack's are.</summary>
    public string Url => UrlOf(Receiver);

    public IReadOnlyList<JsonElement> Messages => [.. Receiver.Requests.Select(BodyOf)];

    public static string UrlOf(StubVendor receiver) =>
        $"{receiver.Url.GetLeftPart(UriPartial.Authority)}/services/T0001/zq-hidden?key=zq-hidden";

    public static NotifierBench Of(Func<string, NotificationTarget> target, params string[] answers) =>
        new(new StubVendor(answers.Length == 0 ? [Ok] : answers), target);

    public WorkerEvent Event(
        WorkerEventKind kind,
        string subject = "default/fraud-detection",
        string message = "HTTP 503"
    ) =>
        new(kind, subject, message, Clock.GetUtcNow())
        {
            Provider = "default/clarifeye-eu",
            Digest = kind == WorkerEventKind.Held ? Digest : null,
        };

    public void Happens(
        WorkerEventKind kind,
        string subject = "default/fraud-detection",
        string message = "HTTP 503"
    ) => Notifier.Happened(Event(kind, subject, message));

    public Task StartAsync() => Notifier.StartAsync(TestContext.Current.CancellationToken);

    public Task StopAsync() => Notifier.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>Comes back once a message got through (true) or was given up.</summary>
    public async Task<bool> EndAsync() =>
        await _delivered
            .Reader.ReadAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    /// <summary>Lets time pass once somebody waits exactly that long.</summary>
    public async Task PassAsync(TimeSpan wait)
    {
        await Clock.SomebodyWaits(wait);
        Clock.Advance(wait);
    }

    public async ValueTask DisposeAsync()
    {
        var stopped = Notifier.StopAsync(new CancellationToken(canceled: true));
        await stopped;
        Notifier.Dispose();
        await Receiver.DisposeAsync();
    }

    private static JsonElement BodyOf(string request) =>
        JsonDocument.Parse(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).RootElement;
}
