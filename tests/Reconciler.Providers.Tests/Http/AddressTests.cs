using FsCheck.Xunit;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Tests.Http;

public class AddressTests
{
    private readonly BaseAddress _address = new(new Uri("https://eu.app.clarifeye.ai/api/v1"));

    [Theory]
    [InlineData("../../admin")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("%2e%2e")]
    [InlineData("a%2fb")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void An_id_that_would_change_the_path_is_refused_before_anything_is_sent(string id)
    {
        var failure = Assert.Throws<ProviderException>(() => _address.Of(closed: true, ["projects", id, "users"]));
        Assert.Equal(ProviderFault.Configuration, failure.Fault);
        Assert.StartsWith("nothing was sent", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3c90c3cc-0d44", "3c90c3cc-0d44")]
    [InlineData("a;b=c&d", "a%3Bb%3Dc%26d")]
    [InlineData("ana@example.com", "ana%40example.com")]
    [InlineData("…", "%E2%80%A6")]
    public void Any_other_id_is_one_escaped_segment(string id, string segment) =>
        Assert.Equal(
            $"https://eu.app.clarifeye.ai/api/v1/projects/{segment}/",
            _address.Of(closed: true, ["projects", id]).AbsoluteUri
        );

    [Property(MaxTest = 2_000)]
    public void Whatever_an_id_and_a_parameter_hold_each_is_one_escaped_part_or_nothing_is_sent(
        string? id,
        string? value
    )
    {
        (id, value) = (id ?? "", value ?? "");
        if (Record.Exception(() => _address.Of(closed: true, ["projects", id], ("q", value))) is { } refused)
        {
            Assert.Equal(ProviderFault.Configuration, Assert.IsType<ProviderException>(refused).Fault);
            return;
        }

        Assert.Equal(
            $"https://eu.app.clarifeye.ai/api/v1/projects/{Uri.EscapeDataString(id)}/?q={Uri.EscapeDataString(value)}",
            _address.Of(closed: true, ["projects", id], ("q", value)).AbsoluteUri
        );
    }

    [Theory]
    [InlineData("https://eu.app.clarifeye.ai/api/v1/projects/p/users/?limit=1000&offset=1000")]
    [InlineData("?offset=1000")]
    public void A_next_link_on_the_same_path_is_followed(string link) =>
        Assert.Equal(
            "/api/v1/projects/p/users/",
            _address.Follow(_address.Of(closed: true, ["projects", "p", "users"]), link).AbsolutePath
        );

    [Theory]
    [InlineData("https://elsewhere.example/api/v1/projects/p/users/?offset=1")]
    [InlineData("http://eu.app.clarifeye.ai/api/v1/projects/p/users/?offset=1")]
    [InlineData("https://eu.app.clarifeye.ai:8443/api/v1/projects/p/users/?offset=1")]
    [InlineData("https://user@eu.app.clarifeye.ai/api/v1/projects/p/users/?offset=1")]
    [InlineData("https://eu.app.clarifeye.ai/api/v1/projects/q/users/?offset=1")]
    [InlineData("//elsewhere.example/api/v1/projects/p/users/")]
    [InlineData("../../q/users/?offset=1")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://[")]
    public void A_next_link_to_elsewhere_is_a_bad_answer(string link)
    {
        var page = _address.Of(closed: true, ["projects", "p", "users"]);
        Assert.Equal(
            ProviderFault.BadAnswer,
            Assert.Throws<ProviderException>(() => _address.Follow(page, link)).Fault
        );
    }

    [Theory]
    [InlineData("http://eu.app.clarifeye.ai/api/v1")]
    [InlineData("https://me:pw@eu.app.clarifeye.ai/api/v1")]
    [InlineData("https://eu.app.clarifeye.ai/api/v1?x=1")]
    [InlineData("https://eu.app.clarifeye.ai/api/v1#x")]
    [InlineData("ftp://127.0.0.1/")]
    public void A_base_url_that_no_token_may_go_to_is_refused(string url) =>
        Assert.Equal(
            ProviderFault.Configuration,
            Assert.Throws<ProviderException>(() => new BaseAddress(new Uri(url))).Fault
        );

    [Fact]
    public void A_sibling_of_the_base_path_is_not_below_it()
    {
        Assert.False(_address.Covers(new Uri("https://eu.app.clarifeye.ai/api/v11/projects")));
        Assert.False(_address.Covers(new Uri("https://eu.app.clarifeye.ai.example.com/api/v1/projects")));
    }
}
