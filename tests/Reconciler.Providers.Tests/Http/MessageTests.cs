using System.Text;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Testing.Providers.Http;
using static Reconciler.Testing.Providers.Http.StubVendor;

namespace Reconciler.Providers.Tests.Http;

public class MessageTests
{
    [Theory]
    [InlineData("""{"error":"User not found"}""", "User not found")]
    [InlineData("""{"success":false,"error":"Not on the Free plan."}""", "Not on the Free plan.")]
    [InlineData("""{"email":["Enter a valid email address."]}""", "email: Enter a valid email address.")]
    [InlineData("""{"errors":["Roles contains an invalid role x"]}""", "Roles contains an invalid role x")]
    [InlineData("""{"detail":"Not found."}""", "Not found.")]
    [InlineData("""{"members":{"email":["a","b"]}}""", "members.email: a members.email: b")]
    [InlineData("\"no\"", "no")]
    [InlineData("{\"error\":\"a\\u0007\\u001b[31m\\r\\nb\\u202ec\"}", "a [31m b\\u202ec")]
    [InlineData("<html>", "")]
    [InlineData("[1,2]", "")]
    public void An_error_is_read_in_every_vendors_shape(string body, string said) =>
        Assert.Equal(said, VendorText.OfError(Encoding.UTF8.GetBytes(body), "application/json", null));

    [Theory]
    [InlineData("{\"error\":\"\\ud800\"}")]
    [InlineData("{\"error\":\"\u00ff\"}")]
    [InlineData("{\"\u00ff\":\"a\"}")]
    public void An_error_whose_text_is_none_has_no_message(string body) =>
        Assert.Equal("", VendorText.OfError(Encoding.Latin1.GetBytes(body), "application/json", null));

    [Fact]
    public async Task An_answer_in_prose_whose_text_is_none_cannot_be_read()
    {
        await using var bench = new HttpBench(Json(200, """{"name":"\ud800"}"""));
        var request = bench.Request(Effect.Read) with { IsProse = true };
        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            bench.Http.SendAsync(request, EchoJson.Default.Echo, TestContext.Current.CancellationToken)
        );
        Assert.Equal(ProviderFault.BadAnswer, failure.Fault);
    }

    [Fact]
    public void A_long_error_is_cut() =>
        Assert.Equal(
            301,
            VendorText
                .OfError(
                    Encoding.UTF8.GetBytes($$"""{"error":"{{new string('x', 5000)}}"}"""),
                    "application/json",
                    null
                )
                .Length
        );

    [Fact]
    public async Task A_refusal_names_the_request_and_the_reason_and_not_the_token_that_the_vendor_quotes()
    {
        await using var bench = new HttpBench(
            Json(400, $$"""{"email":["Enter a valid email address, {{HttpBench.Token}}."]}""")
        );
        Assert.Equal(
            "POST /projects/p1/ answered 400: email: Enter a valid email address, ***. (request r-1)",
            (await bench.FailAsync(Effect.Mails)).Message
        );
    }

    [Fact]
    public async Task A_refused_token_comes_with_what_to_check()
    {
        await using var bench = new HttpBench(Json(401, """{"detail":"Invalid token."}"""));
        Assert.Equal(
            "GET /projects/p1/ answered 401: Invalid token.; check that the provider's token is complete, "
                + "has not expired, and is one of this baseUrl (request r-1)",
            (await bench.FailAsync(Effect.Read)).Message
        );
    }

    [Fact]
    public async Task A_sign_in_page_is_named_as_what_it_is()
    {
        await using var bench = new HttpBench(Answer(200, "text/html; charset=utf-8", "<h1>Sign in</h1>"));
        Assert.Equal(
            "GET /projects/p1/ answered 200 with text/html instead of JSON (request r-1)",
            (await bench.FailAsync(Effect.Read)).Message
        );
    }

    [Fact]
    public async Task A_write_answered_by_a_page_for_people_may_have_been_done()
    {
        await using var bench = new HttpBench(Answer(200, "text/html", "<h1>Sign in</h1>"));
        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            bench.Http.SendAsync(bench.Request(Effect.IdempotentWrite), TestContext.Current.CancellationToken)
        );
        Assert.Equal(ProviderFault.Ambiguous, failure.Fault);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_its_origin_is_named()
    {
        await using var elsewhere = new StubVendor(Json(200, HttpBench.Ok));
        await using var bench = new HttpBench(Empty(302, $"Location: {elsewhere.Url}/x?token={HttpBench.Token}"));
        var failure = await bench.FailAsync(Effect.Read);
        Assert.Equal(ProviderFault.BadAnswer, failure.Fault);
        Assert.Contains(
            $"a redirect to {elsewhere.Url.GetLeftPart(UriPartial.Authority)}, which is not followed",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Requests_carry_the_token_the_program_and_no_cookie()
    {
        await using var bench = new HttpBench(Json(200, HttpBench.Ok, "Set-Cookie: a=b"));
        await bench.SendAsync(Effect.Read);
        await bench.SendAsync(Effect.Read);
        Assert.All(
            bench.Requests,
            request =>
            {
                Assert.StartsWith("GET /api/v1/projects/p1/ HTTP/1.1\r\n", request, StringComparison.Ordinal);
                Assert.Contains($"Authorization: Bearer {HttpBench.Token}\r\n", request, StringComparison.Ordinal);
                Assert.Matches(@"User-Agent: reconciler/\d+\.\d+\.\d+[0-9A-Za-z.-]*\r\n", request);
                Assert.DoesNotContain("Cookie", request, StringComparison.OrdinalIgnoreCase);
            }
        );
        Assert.All(
            bench.Seen,
            seen => Assert.Equal(("GET", "/projects/p1/", 200, 1), (seen.Method, seen.Path, seen.Status, seen.Attempt))
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("abc\n")]
    [InlineData("abc\r\nX-Evil: 1")]
    [InlineData("ab c")]
    [InlineData("gehäim")]
    public async Task A_token_that_cannot_stand_in_a_header_is_refused_without_showing_it(string token)
    {
        await using var bench = new HttpBench(
            new StubVendor(Json(200, HttpBench.Ok)),
            settings => settings with { Token = _ => ValueTask.FromResult(token) }
        );
        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.SendAsync(Effect.Read));
        Assert.Equal(ProviderFault.Configuration, failure.Fault);
        if (token.Trim().Length > 0)
            Assert.DoesNotContain(token.Trim(), failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(bench.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----")]
    public void Certificate_authorities_that_cannot_be_read_are_refused(string pem)
    {
        var settings = new ConnectionSettings(
            new Uri("https://eu.app.clarifeye.ai/api/v1"),
            _ => ValueTask.FromResult("t")
        )
        {
            CertificateAuthorities = pem,
        };
        Assert.Equal(
            ProviderFault.Configuration,
            Assert.Throws<ProviderException>(() => new VendorHttp(settings, TokenHeader.Bearer)).Fault
        );
    }
}
