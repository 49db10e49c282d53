using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Flurl.Http;
using Polly;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>
/// Sends all requests to one provider: limits their rate, repeats them where that is safe, and judges the answers. A
/// caller's cancellation ends waits (for a turn, between attempts), but never a request in flight, since its effect
/// would be unknown.
/// </summary>
internal sealed partial class VendorHttp : IDisposable
{
    private readonly ConnectionSettings _settings;
    private readonly TokenHeader _header;
    private readonly ImmutableArray<AnswerMeaning> _meanings;
    private readonly VendorToken _token;
    private readonly FlurlClient _flurl;
    private readonly RateLimiter _pace;
    private readonly ResiliencePipeline<Call> _pipeline;

    /// <summary>Opens the connection to one provider.</summary>
    /// <param name="settings">The settings of the connection.</param>
    /// <param name="header">The header for the token.</param>
    /// <param name="meanings">
    /// The documented meanings of refused invitations; empty where the vendor documents none.
    /// </param>
    public VendorHttp(ConnectionSettings settings, TokenHeader header, params ImmutableArray<AnswerMeaning> meanings)
    {
        _settings = settings;
        _meanings = meanings;
        _header = header;
        Address = new(settings.BaseUrl);
        _token = new(header, settings.Token, settings.FreshToken);
        _flurl = Transport.Create(settings);
        _pace = new(
            settings.MaxConcurrency,
            settings.RequestsPerSecond ?? (Address.IsLoopback ? null : 10),
            settings.Clock
        );
        _pipeline = RetryRules.Pipeline(settings.Backoff, settings.Clock);
    }

    /// <summary>Further headers of every request; they carry no token.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Builds the URLs of requests.</summary>
    public BaseAddress Address { get; }

    /// <summary>Sends a request, and reads its answer as JSON.</summary>
    /// <exception cref="ProviderException">The request was not done, or its effect is unknown.</exception>
    /// <exception cref="OperationCanceledException">
    /// The request was cancelled while it waited, and changed nothing.
    /// </exception>
    /// <param name="request">The request.</param>
    /// <param name="type">The type of the answer.</param>
    /// <param name="cancellation">Cancels waits.</param>
    /// <param name="judge">Checks an answer that was read, since a vendor may refuse with a status of success.</param>
    public async Task<T> SendAsync<T>(
        ApiRequest request,
        JsonTypeInfo<T> type,
        CancellationToken cancellation,
        Func<T, Objection?>? judge = null
    )
    {
        var (call, answer) = await RunAsync(request, cancellation);
        if (answer.Body.Length == 0)
            throw call.Unreadable($"{answer.Text} without a body");
        var mayQuote = QuotedToken.MayBeIn(answer.Body.Span, _token.Known);
        var value = await ValueAsync(
            call,
            answer,
            mayQuote,
            body => JsonSerializer.Deserialize(body.Span, type),
            judge
        );
        // Only what is read from the answer is checked. A token elsewhere in it does no harm.
        if (
            mayQuote
            && !request.IsProse
            && QuotedToken.IsIn(JsonSerializer.SerializeToUtf8Bytes(value, type), _token.Known)
        )
            throw call.Unreadable($"{answer.Text} {QuotedToken.Found}");
        return value;
    }

    /// <summary>
    /// Sends a request, and reads its answer as JSON of any shape. An answer without a body is valid, and is not
    /// judged.
    /// </summary>
    /// <exception cref="ProviderException">The request was not done, or its effect is unknown.</exception>
    /// <exception cref="OperationCanceledException">
    /// The request was cancelled while it waited, and changed nothing.
    /// </exception>
    /// <param name="request">The request.</param>
    /// <param name="judge">Checks a body, since a vendor may refuse with a status of success.</param>
    /// <param name="cancellation">Cancels waits.</param>
    public async Task<JsonAnswer> SendJsonAsync(
        ApiRequest request,
        Func<JsonElement, Objection?> judge,
        CancellationToken cancellation
    )
    {
        var (call, answer) = await RunAsync(request, cancellation);
        if (answer.Body.Length == 0)
            return new(call, default, answer.Links);
        var mayQuote = QuotedToken.MayBeIn(answer.Body.Span, _token.Known);
        var body = await ValueAsync(call, answer, mayQuote, body => JsonElement.Parse(body.Span), judge);
        // Nothing of it is read yet: whoever reads a text compares it with the tokens.
        var isQuoted =
            (mayQuote && !request.IsProse)
            || answer.Links.Any(l => QuotedToken.Holds(Uri.UnescapeDataString(l), _token.Known));
        return new(call, body, answer.Links) { Quoted = isQuoted ? _token.Known : [] };
    }

    /// <summary>Sends a request whose answer has no relevant body.</summary>
    /// <exception cref="ProviderException">The request was not done, or its effect is unknown.</exception>
    /// <exception cref="OperationCanceledException">
    /// The request was cancelled while it waited, and changed nothing.
    /// </exception>
    public async Task SendAsync(ApiRequest request, CancellationToken cancellation)
    {
        var (call, answer) = await RunAsync(request, cancellation);
        // An HTML page is not an answer of the API, but of a proxy or a sign-in page.
        if (answer.Body.Length > 0 && !answer.IsJson)
            throw await NoJsonAsync(call, answer);
    }

    public void Dispose()
    {
        _flurl.Dispose();
        _pace.Dispose();
    }

    private async Task<T> ValueAsync<T>(
        Call call,
        Attempt answer,
        bool mayQuote,
        Func<ReadOnlyMemory<byte>, T?> parse,
        Func<T, Objection?>? judge
    )
    {
        if (!answer.IsJson)
            throw await NoJsonAsync(call, answer);
        T value;
        try
        {
            var body =
                mayQuote && call.Request.IsProse ? QuotedToken.Strike(answer.Body.Span, _token.Known) : answer.Body;
            value = parse(body) ?? throw call.Unreadable($"{answer.Text} with null");
        }
        // A string that is no UTF-8 is found when it is read, and then it is no JsonException.
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The exception may quote what it read, so only the position where it stopped is shown.
            throw call.Unreadable(
                $"{answer.Text} with JSON that is cut short or not as documented, at "
                    + $"{await CleanAsync((broken as JsonException)?.Path ?? "$")}"
            );
        }

        return judge?.Invoke(value) switch
        {
            null => value,
            { Reason: { } reason } refused => throw call.Refused(refused.Answer, await CleanAsync(reason)),
            var unreadable => throw call.Unreadable(unreadable.Answer),
        };
    }

    private async ValueTask<string> CleanAsync(string text) =>
        VendorText.Clean(text, await _token.ReadAsync(CancellationToken.None));

    private async ValueTask<ProviderException> NoJsonAsync(Call call, Attempt answer) =>
        call.Unreadable(
            $"{answer.Text} with {await CleanAsync(answer.MediaType ?? "no content type")} instead of JSON"
        );

    private async Task<(Call Call, Attempt Answer)> RunAsync(ApiRequest request, CancellationToken cancellation)
    {
        if (!Address.Covers(request.Url))
            throw new ProviderException(
                ProviderFault.Configuration,
                "nothing was sent: the request is not below the provider's base URL"
            );
        var call = new Call(request, Address.PathOf(request.Url), _meanings);
        try
        {
            await _pipeline.ExecuteAsync(
                static (state, cancelled) => state.Http.TryAsync(state.Call, cancelled),
                (Http: this, Call: call),
                cancellation
            );
        }
        catch (OperationCanceledException) when (call.InDoubt)
        {
            throw call.Interrupted();
        }

        var last = call.Last!;
        if (last.Outcome is Outcome.Done)
            return (call, last);
        // When cancelled before a wait begins, Polly returns the last attempt although more were due.
        if (!call.InDoubt && RetryRules.Repeats(request.Effect, last))
            cancellation.ThrowIfCancellationRequested();
        throw call.Failure();
    }

    private async ValueTask<Call> TryAsync(Call call, CancellationToken cancellation)
    {
        using var place = await _pace.EnterAsync(cancellation);
        if (place.MustWait is { } wait)
            return call.End(Attempt.NotSent(wait));
        var token = await _token.ReadAsync(cancellation);
        cancellation.ThrowIfCancellationRequested();
        EnsureMayWrite(call);
        var attempt = await SendAsync(call, token);
        // The token was rotated since it was read. The vendor did nothing, so the request is safe to repeat with the
        // new one.
        if (
            attempt.Status == (int)HttpStatusCode.Unauthorized
            && await _token.RenewAsync(CancellationToken.None) is var fresh
            && fresh != token
        )
        {
            EnsureMayWrite(call);
            attempt = await SendAsync(call, fresh);
        }

        place.Answered(attempt.Limit);
        return call.End(attempt);
    }

    // Checked after every wait, since permission may have been lost since the call began.
    private void EnsureMayWrite(Call call)
    {
        if (call.Request.Effect != Effect.Read)
            _settings.Permit?.Ensure(call.InDoubt);
    }

    private async Task<Attempt> SendAsync(Call call, string token)
    {
        var number = call.Begin();
        var started = _settings.Clock.GetTimestamp();
        var id = _settings.RequestIds?.Invoke() ?? RequestId.New();
        var attempt = await ExchangeAsync(call.Request, token, id) with { RequestId = id };
        var duration = _settings.Clock.GetElapsedTime(started);
        _settings.Observer?.Invoke(
            new(call.Request.Method.Method, call.Path, attempt.Status, duration, number, id)
            {
                VendorRequestId = attempt.VendorRequestId,
                Fate = attempt.Status is null ? attempt.Text : null,
                Quota = attempt.Limit is { } limit ? new(limit.Limit, limit.Remaining, limit.Reset) : null,
            }
        );
        return attempt;
    }
}
