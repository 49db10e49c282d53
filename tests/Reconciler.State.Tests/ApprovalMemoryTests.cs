using Reconciler.Testing.State;

namespace Reconciler.State.Tests;

/// <summary>When approvals were first seen outlives a process, and is never put later.</summary>
public sealed class ApprovalMemoryTests
{
    [Fact]
    public async Task An_approval_is_first_seen_once()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        await using (var store = folder.Open())
        {
            Assert.Empty(await store.FirstSeenAsync(cancellation));
            await store.SeeAsync(["default/a hold:sha256:1"], TempFolder.Now, cancellation);
            await store.SeeAsync(
                ["default/a hold:sha256:1", "default/b hold:sha256:2"],
                TempFolder.Now.AddHours(1),
                cancellation
            );
        }

        await using var again = StateStore.OpenExisting(folder.File)!;
        var seen = await again.FirstSeenAsync(cancellation);
        Assert.Equal(TempFolder.Now, seen["default/a hold:sha256:1"]);
        Assert.Equal(TempFolder.Now.AddHours(1), seen["default/b hold:sha256:2"]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => again.SeeAsync(["c"], TempFolder.Now, cancellation));
    }
}
