using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Tests.Http;

/// <summary>A page a step; where the steps of a reading are over, the reading begins anew.</summary>
public class WholeListTests
{
    private int _read;

    [Fact]
    public async Task All_pages_are_one_list() =>
        Assert.Equal("a b c", await ReadAsync(new(["a", "b"], 3, "2"), new(["c"], 3, null)));

    [Fact]
    public async Task An_insertion_that_shifts_the_list_is_read_again()
    {
        Assert.Equal(
            "a b c n",
            await ReadAsync(
                new(["a", "b"], 3, "2"),
                new(["b", "c"], 4, null),
                new(["n", "a"], 4, "2"),
                new(["b", "c"], 4, null)
            )
        );
        Assert.Equal(4, _read);
    }

    [Fact]
    public async Task A_deletion_that_hides_somebody_is_read_again() =>
        // b is gone, c slid onto the first page: without the changed total, a, b and d would add up.
        Assert.Equal(
            "a c d",
            await ReadAsync(new(["a", "b"], 4, "2"), new(["d"], 3, null), new(["a", "c"], 3, "2"), new(["d"], 3, null))
        );

    [Fact]
    public async Task A_list_with_a_page_missing_is_no_list()
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            ReadAsync(new(["a"], 3, "2"), new(["b"], 3, null), new(["a"], 3, "2"), new(["b"], 3, null))
        );
        Assert.Equal(ProviderFault.BadAnswer, failure.Fault);
        Assert.Contains("a page is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_page_before_the_last_is_no_list() =>
        await Assert.ThrowsAsync<ProviderException>(() =>
            ReadAsync(new(["a"], 2, "2"), new([], 2, "3"), new(["a"], 2, "2"), new([], 2, "3"))
        );

    [Fact]
    public async Task Links_that_go_in_a_circle_are_followed_once()
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            ReadAsync(new(["a"], 9, "2"), new(["b"], 9, "3"), new(["c"], 9, "2"))
        );
        Assert.Contains("circle", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, _read);
    }

    [Fact]
    public async Task Pages_without_end_are_given_up()
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            WholeList.ReadAsync(
                "GET /x/",
                next => Task.FromResult(new ListPage<string>([$"{++_read}"], 5000, $"{_read}")),
                id => id
            )
        );
        Assert.Contains("more than 1000 pages", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_with_null_is_a_bad_answer() =>
        Assert.Equal(
            ProviderFault.BadAnswer,
            (await Assert.ThrowsAsync<ProviderException>(() => ReadAsync(new ListPage<string>([null!], 1, null)))).Fault
        );

    private async Task<string> ReadAsync(params ListPage<string>[] pages)
    {
        var items = await WholeList.ReadAsync("GET /x/", _ => Task.FromResult(pages[_read++]), id => id);
        return string.Join(' ', items.Order(StringComparer.Ordinal));
    }
}
