using Reconciler.Core.Membership;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Two spellings of one account's address are one account.</summary>
public sealed class AccountUrlTests
{
    [Theory]
    [InlineData("https://api.acme.example/api/v1")]
    [InlineData("https://api.acme.example//api/v1")]
    [InlineData("https://api.acme.example/api//v1//")]
    [InlineData("HTTPS://API.Acme.example:443/api/v1/")]
    [InlineData("https://api.acme.example./api/v1")]
    [InlineData("https://api.acme.example/%61pi/v%31")]
    [InlineData("https://api.acme.example/x/../api/./v1")]
    public void Spellings_of_one_account_are_one(string url) =>
        Assert.Equal("https://api.acme.example/api/v1/", AccountUrl.Normal(url));

    [Theory]
    [InlineData("https://api.acme.example/API/v1")]
    [InlineData("https://api.acme.example:8443/api/v1")]
    [InlineData("https://api2.acme.example/api/v1")]
    public void Other_paths_ports_and_hosts_are_others(string url) =>
        Assert.NotEqual("https://api.acme.example/api/v1/", AccountUrl.Normal(url));

    [Fact]
    public void The_root_of_a_host_is_an_account() =>
        Assert.Equal("https://api.acme.example/", AccountUrl.Normal("https://api.acme.example"));

    [Theory]
    [InlineData("https://api.acme.example/api%2fv1")]
    [InlineData("https://api.acme.example/api%5Cv1")]
    [InlineData("https://api.acme.example/%2561pi")]
    [InlineData("https://münchen.example/v1")]
    public void A_path_or_a_host_without_one_form_is_refused(string url) =>
        Assert.NotNull(AccountUrl.Problem(new(url)));

    [Theory]
    [InlineData("https://api.acme.example//v1/")]
    [InlineData("https://API.acme.example:443/%761")]
    public void Two_documents_of_one_project_are_found_behind_two_spellings_of_its_account(string url)
    {
        var other = Resolved
            .Provider.Replace("name: acme", "name: again", StringComparison.Ordinal)
            .Replace("https://api.acme.example/v1", url, StringComparison.Ordinal);
        var second = Resolved
            .Membership("", name: "second")
            .Replace("provider: acme", "provider: again", StringComparison.Ordinal)
            .Replace("second-1", "demo-1", StringComparison.Ordinal);
        Resolved.Members("", other, second).Refused("declares the project demo-1");
    }
}
