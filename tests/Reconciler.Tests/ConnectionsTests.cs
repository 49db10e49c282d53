using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Hosting;
using Reconciler.Providers;
using Reconciler.Testing.Contract;

namespace Reconciler.Tests;

public sealed class ConnectionsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-connections-");
    private readonly Connections _connections;

    public ConnectionsTests()
    {
        _connections = new(new TokenReader(_ => null, _folder.FullName, []), TimeProvider.System);
    }

    public void Dispose()
    {
        _connections.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_token_that_comes_a_little_later_is_found_by_the_next_who_asks()
    {
        var provider = Provider("https://eu.example/api/v1");
        Assert.Throws<ProviderException>(() => _connections.Of(provider));
        WriteToken();

        var made = _connections.Of(provider);

        Assert.Same(made, _connections.Of(provider));
    }

    [Fact]
    public void Providers_of_one_name_and_another_address_or_document_share_no_connection()
    {
        WriteToken();
        var before = Provider("https://eu.example/api/v1");
        var moved = before with { BaseUrl = new("https://us.example/api/v1") };
        var written = Provider("https://eu.example/api/v1");

        Assert.Equal(3, new[] { before, moved, written }.Select(_connections.Of).Distinct().Count());
        Assert.Same(_connections.Of(before), _connections.Of(before with { }));
    }

    [Fact]
    public void A_changed_definition_of_a_vendor_opens_a_connection_of_its_own()
    {
        WriteToken();
        var provider = Provider("https://eu.example/api/v1");
        var described = DescribedVendors.Of("tests/Reconciler.Testing/Vendors/confident-ai.yaml");
        var changed = described with { Description = described.Description! with { Digest = "sha256:other" } };

        var made = new[] { provider.Vendor, described, changed }
            .Select(v => _connections.Of(provider with { Vendor = v }))
            .ToList();

        Assert.Equal(3, made.Distinct().Count());
        Assert.Same(made[1], _connections.Of(provider with { Vendor = described }));
    }

    [Fact]
    public void The_connection_of_an_earlier_definition_is_closed_when_only_the_newer_one_is_needed()
    {
        WriteToken();
        var described = DescribedVendors.Of("tests/Reconciler.Testing/Vendors/confident-ai.yaml");
        var changed = described with { Description = described.Description! with { Digest = "sha256:other" } };
        var provider = Provider("https://eu.example/api/v1");
        var (before, after) = (provider with { Vendor = described }, provider with { Vendor = changed });
        var (old, kept) = (_connections.Of(before), _connections.Of(after));

        _connections.Release(
            (spec, definition) => ReferenceEquals(spec, provider.Spec) && definition == "sha256:other"
        );

        Assert.Same(kept, _connections.Of(after));
        Assert.NotSame(old, _connections.Of(before));
    }

    private void WriteToken() => File.WriteAllText(Path.Combine(_folder.FullName, "token"), "t0ken");

    private static DesiredProvider Provider(string address)
    {
        var vendor = ProviderCatalog.Vendors[0];
        return new(
            "default/main",
            vendor,
            new(address),
            new()
            {
                Type = vendor.Type,
                BaseUrl = address,
                Credentials = new() { Token = new() { File = "token" } },
            }
        );
    }
}
