using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Testing.Providers.Http;
using static Reconciler.Testing.Providers.Http.StubVendor;

namespace Reconciler.Providers.Tests.Http;

/// <summary>
/// How many requests a vendor will still answer, in every form that is in use, and what its refusals mean.
/// </summary>
public sealed class RateLimitTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1781524830", 0, 30)]
    [InlineData("X-RateLimit-Remaining: 7|X-RateLimit-Reset: 30", 7, 30)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1781524830000", 0, 30)]
    [InlineData("RateLimit-Limit: 100, 100;w=60|RateLimit-Remaining: 0|RateLimit-Reset: 30", 0, 30)]
    [InlineData("RateLimit-Remaining: 0|RateLimit-Reset: 1781524830", 0, 30)]
    [InlineData("X-Rate-Limit-Remaining: 3|X-Rate-Limit-Reset: 5", 3, 5)]
    [InlineData("RateLimit: limit=100, remaining=50, reset=5", 50, 5)]
    [InlineData("RateLimit: limit=100;remaining=0;reset=5", 0, 5)]
    [InlineData("RateLimit: \"default\";r=50;t=30", 50, 30)]
    [InlineData("RateLimit: \"burst\";r=0;t=2, \"day\";r=900;t=80000", 0, 2)]
    public void Seconds_left_are_read_as_well_as_moments(string headers, int remaining, int seconds)
    {
        var limit = RateLimit.Of(Response(headers), Now);
        Assert.Equal((remaining, Now.AddSeconds(seconds + 1)), (limit!.Remaining, limit.Reset));
    }

    [Theory]
    [InlineData("X-RateLimit-Remaining: many|X-RateLimit-Reset: 30")]
    [InlineData("X-RateLimit-Remaining: 3")]
    [InlineData("X-RateLimit-Remaining: 3|X-RateLimit-Reset: -1")]
    [InlineData("X-RateLimit-Remaining: 3|X-RateLimit-Reset: 999999999999999999")]
    [InlineData("RateLimit: \"default\"")]
    [InlineData("RateLimit: r=1;t=")]
    [InlineData("X-Other: 1")]
    public void What_cannot_be_read_says_nothing(string headers) => Assert.Null(RateLimit.Of(Response(headers), Now));

    [Theory]
    [InlineData("Retry-After: 1")]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1")]
    [InlineData("RateLimit-Remaining: 0|RateLimit-Reset: 1")]
    [InlineData("RateLimit: \"default\";r=0;t=1")]
    public async Task A_403_that_is_a_rate_limit_is_waited_for_as_a_429(string headers)
    {
        await using var bench = new HttpBench(
            Json(403, """{"error":"slow down"}""", headers.Split('|')),
            Json(200, HttpBench.Ok)
        );
        Assert.Equal("ana", await bench.SendAsync(Effect.Mails));
    }

    [Fact]
    public async Task A_403_without_a_word_about_waiting_is_a_refusal()
    {
        await using var bench = new HttpBench(
            Json(403, """{"error":"no"}""", "X-RateLimit-Remaining: 12", "X-RateLimit-Reset: 1")
        );
        Assert.Equal(ProviderFault.Forbidden, (await bench.FailAsync(Effect.Read)).Fault);
        Assert.Single(bench.Requests);
    }

    [Theory]
    [InlineData("Retry-After: 80000")]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 80000")]
    public async Task A_403_that_asks_for_too_long_a_wait_is_a_limit_and_not_a_refusal(string headers)
    {
        await using var bench = new HttpBench(Json(403, "{}", headers.Split('|')));
        var failure = await bench.FailAsync(Effect.IdempotentWrite);
        Assert.Equal(ProviderFault.RateLimited, failure.Fault);
        Assert.True(failure.RetryAfter > TimeSpan.FromSeconds(79_000));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(403)]
    [InlineData(402)]
    [InlineData(422)]
    public async Task A_long_wait_on_what_mails_means_that_invitations_are_spent(int status)
    {
        await using var bench = new HttpBench(Json(status, "{}", "Retry-After: 80000"));
        var failure = await bench.FailAsync(Effect.Mails);
        Assert.Equal(
            (ProviderFault.InvitationsSpent, TimeSpan.FromSeconds(80_000)),
            (failure.Fault, failure.RetryAfter)
        );
    }

    [Fact]
    public async Task What_a_refused_invitation_means_is_told_by_status_and_field_and_never_by_prose()
    {
        AnswerMeaning[] meanings =
        [
            new(422, "/error/code", "no_seats", ProviderFault.NoSeat),
            new(403, "/code", "invite_quota", ProviderFault.InvitationsSpent),
        ];
        Assert.Equal(ProviderFault.NoSeat, await FaultAsync(422, """{"error":{"code":"no_seats"}}"""));
        Assert.Equal(
            ProviderFault.Refused,
            await FaultAsync(422, """{"error":{"code":"other","message":"no_seats"}}""")
        );
        Assert.Equal(ProviderFault.Refused, await FaultAsync(400, """{"error":{"code":"no_seats"}}"""));
        Assert.Equal(ProviderFault.Refused, await FaultAsync(422, "all seats are full"));
        Assert.Equal(ProviderFault.InvitationsSpent, await FaultAsync(403, """{"code":"invite_quota"}"""));
        Assert.Equal(
            ProviderFault.Refused,
            await FaultAsync(422, """{"error":{"code":"no_seats"}}""", Effect.IdempotentWrite)
        );

        async Task<ProviderFault> FaultAsync(int status, string body, Effect effect = Effect.Mails)
        {
            await using var vendor = new StubVendor(Json(status, body));
            var settings = new ConnectionSettings(vendor.Url, _ => ValueTask.FromResult(HttpBench.Token));
            using var http = new VendorHttp(settings, TokenHeader.Bearer, [.. meanings]);
            var request = new ApiRequest(effect, HttpMethod.Post, http.Address.Of(closed: true, ["invites"]));
            return (
                await Assert.ThrowsAsync<ProviderException>(() => http.SendAsync(request, CancellationToken.None))
            ).Fault;
        }
    }

    [Fact]
    public async Task A_shared_reading_that_failed_is_asked_for_again_by_the_next_one()
    {
        var readings = 0;
        var gate = new TaskCompletionSource();
        var shared = new SharedRead<int>(async _ =>
        {
            var number = ++readings;
            if (number > 1)
                return number;
            await gate.Task;
            throw new ProviderException(ProviderFault.Unavailable, "down");
        });
        var (first, second) = (shared.GetAsync(CancellationToken.None), shared.GetAsync(CancellationToken.None));
        gate.SetResult();
        await Assert.ThrowsAsync<ProviderException>(() => first);
        Assert.Equal((2, 2), (await second, await shared.GetAsync(CancellationToken.None)));
    }

    [Fact]
    public async Task A_refused_token_is_not_asked_about_again()
    {
        var readings = 0;
        var shared = new SharedRead<int>(_ =>
        {
            readings++;
            return Task.FromException<int>(new ProviderException(ProviderFault.Unauthorized, "no"));
        });
        await Assert.ThrowsAsync<ProviderException>(() => shared.GetAsync(CancellationToken.None));
        await Assert.ThrowsAsync<ProviderException>(() => shared.GetAsync(CancellationToken.None));
        Assert.Equal(1, readings);
    }

    private static HttpResponseMessage Response(string headers)
    {
        var response = new HttpResponseMessage();
        foreach (var header in headers.Split('|'))
            response.Headers.TryAddWithoutValidation(
                header[..header.IndexOf(':')],
                header[(header.IndexOf(':') + 1)..].Trim()
            );
        return response;
    }
}
