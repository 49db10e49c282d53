using Flurl.Http;

namespace Reconciler.Providers.Http;

/// <content>One exchange: a request, and the bytes of its answer.</content>
internal sealed partial class VendorHttp
{
    private const int LargestBody = 32 << 20;
    private const int UsualBody = 16 << 10;

    /// <summary>
    /// Sends one request and reads its answer, limited by the timeout only. Only this method handles Flurl's
    /// exceptions.
    /// </summary>
    private async Task<Attempt> ExchangeAsync(ApiRequest request, string token, string id)
    {
        using var timeout = new CancellationTokenSource(_settings.RequestTimeout, _settings.Clock);
        try
        {
            using var content = request.Content();
            var asked = new FlurlRequest(request.Url) { Client = _flurl };
            foreach (var (name, value) in Headers)
                asked.Headers.AddOrReplace(name, value);
            foreach (var (name, value) in _header.Of(token))
                asked.Headers.AddOrReplace(name, value);
            using var answer = await asked
                .WithHeader(RequestId.Header, id)
                .SendAsync(request.Method, content, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            var response = answer.ResponseMessage;
            var body = await BodyAsync(response, timeout.Token);
            return Attempt.Of(response, body, token, _settings.Clock.GetUtcNow()) with
            {
                VendorRequestId = RequestId.OfVendor(response, id, token),
            };
        }
        catch (FlurlHttpException wrapped)
        {
            // Flurl's exception contains the request with the token, so only its inner exception is kept.
            var fault = wrapped.InnerException ?? new HttpRequestException("the request failed");
            return TransportFault.Judge(fault, timeout.IsCancellationRequested, _settings);
        }
        catch (Exception fault)
            when (fault is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            return TransportFault.Judge(fault, timeout.IsCancellationRequested, _settings);
        }
    }

    // A body stays in bytes until it is parsed: as text it would take twice the memory.
    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpResponseMessage response, CancellationToken timeout)
    {
        try
        {
            var announced = response.Content.Headers.ContentLength ?? UsualBody;
            EnsureFits(announced);
            await using var stream = await response.Content.ReadAsStreamAsync(timeout);
            // One byte more, so that the last read finds the end without growing.
            var body = new byte[announced + 1];
            var length = 0;
            while (await stream.ReadAsync(body.AsMemory(length), timeout) is var read and > 0)
            {
                length += read;
                EnsureFits(length);
                if (length == body.Length)
                    Array.Resize(ref body, 2 * body.Length);
            }

            return body.AsMemory(0, length);
        }
        catch (Exception fault)
            when (!response.IsSuccessStatusCode && fault is HttpRequestException or IOException or InvalidDataException)
        {
            // The status alone shows that nothing was done, even if the reason in the body was lost.
            return default;
        }
    }

    private static void EnsureFits(long length)
    {
        if (length > LargestBody)
            throw new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded);
    }
}
