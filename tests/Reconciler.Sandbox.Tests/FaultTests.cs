using System.Diagnostics;
using System.Text.Json.Nodes;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Tests.Clarifeye;
using Reconciler.Testing;
using static Reconciler.Sandbox.Tests.Clarifeye.ClarifeyeSandbox;

namespace Reconciler.Sandbox.Tests;

public sealed class FaultTests
{
    [Fact]
    public async Task One_persons_invitation_fails_and_the_others_do_not()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(
            Fault.Answer(503) with
            {
                Method = "post",
                Path = "/invites/",
                Body = "DORA@example.com",
                Times = null,
            }
        );
        Assert.Equal(503, (await sandbox.InviteAsync("dora@example.com")).Status);
        Assert.Equal(201, (await sandbox.InviteAsync("eve@example.com")).Status);
        Assert.Equal(503, (await sandbox.InviteAsync("dora@example.com")).Status);
        sandbox.Server.ClearFaults();
        Assert.Equal(201, (await sandbox.InviteAsync("dora@example.com")).Status);
    }

    [Fact]
    public async Task A_fault_spares_the_first_requests_and_ends_after_its_times()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(Fault.Answer(500) with { Connection = Name, Skip = 1, Times = 2 });
        sandbox.Server.Inject(Fault.Answer(500) with { Connection = "another", Times = null });
        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
            statuses.Add((await sandbox.GetAsync("users/")).Status);
        Assert.Equal([200, 500, 500, 200, 200], statuses);
    }

    [Fact]
    public async Task Too_many_requests_say_when_to_come_back()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(Fault.TooManyRequests(7));
        sandbox.Server.Inject(Fault.TooManyRequests(VendorSandbox.Start.AddMinutes(1)));
        using var seconds = await sandbox.RawAsync(HttpMethod.Get, "users/");
        using var date = await sandbox.RawAsync(HttpMethod.Get, "users/");
        Assert.Equal((429, TimeSpan.FromSeconds(7)), ((int)seconds.StatusCode, seconds.Headers.RetryAfter?.Delta));
        Assert.Equal((429, VendorSandbox.Start.AddMinutes(1)), ((int)date.StatusCode, date.Headers.RetryAfter?.Date));
    }

    [Fact]
    public async Task Latency_holds_every_request_up()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(Fault.Latency(TimeSpan.FromMilliseconds(60)));
        var watch = Stopwatch.StartNew();
        Assert.Equal(200, (await sandbox.GetAsync("users/")).Status);
        Assert.Equal(200, (await sandbox.GetAsync("users/")).Status);
        Assert.True(watch.ElapsedMilliseconds >= 110);
    }

    [Fact]
    public async Task A_reset_comes_before_the_request_is_handled()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(new Fault(FaultKind.Reset) { Method = "POST" });
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.InviteAsync("dora@example.com"));
        Assert.Equal(0, sandbox.Connection.MailsTo("dora@example.com"));
        Assert.Equal(0, Assert.Single(sandbox.Server.Requests).Status);
    }

    [Fact]
    public async Task A_lost_response_comes_after_the_change()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(new Fault(FaultKind.LostResponse) { Method = "POST" });
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.InviteAsync("dora@example.com"));
        Assert.Equal(1, sandbox.Connection.MailsTo("dora@example.com"));
        Assert.Equal(201, Assert.Single(sandbox.Server.Requests).Status);
    }

    [Fact]
    public async Task A_truncated_body_breaks_off_before_the_length_it_promised()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(new Fault(FaultKind.TruncatedBody));
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.GetAsync("users/"));
    }

    [Fact]
    public async Task Cut_json_ends_cleanly_and_is_no_json()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(new Fault(FaultKind.CutJson));
        using var response = await sandbox.RawAsync(HttpMethod.Get, "users/");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((200, text.Length), ((int)response.StatusCode, (int)response.Content.Headers.ContentLength!));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonNode.Parse(text));
    }

    [Fact]
    public async Task Html_may_come_with_a_status_of_success()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(Fault.Html());
        using var response = await sandbox.RawAsync(HttpMethod.Get, "users/");
        Assert.Equal((200, "text/html"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_redirect_leads_to_the_same_path_of_another_origin()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(Fault.RedirectTo("http://127.0.0.1:9"));
        using var response = await sandbox.RawAsync(HttpMethod.Get, "users/?limit=2");
        Assert.Equal(307, (int)response.StatusCode);
        Assert.Equal(
            $"http://127.0.0.1:9/{Name}/api/v1/projects/{Project}/users/?limit=2",
            $"{response.Headers.Location}"
        );
    }

    [Fact]
    public async Task A_next_link_may_lead_to_another_origin()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(Fault.NextLinkTo("http://127.0.0.1:9"));
        var (_, page) = await sandbox.GetAsync("users/?limit=1");
        Assert.StartsWith($"http://127.0.0.1:9/{Name}/", (string?)page["next"], StringComparison.Ordinal);
        Assert.Single(page["results"]!.AsArray());
    }

    [Fact]
    public async Task A_page_may_come_back_empty_although_the_count_says_more()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(new Fault(FaultKind.EmptyPage) { Path = "offset=1" });
        var (_, page) = await sandbox.GetAsync("users/?limit=1&offset=1");
        Assert.Equal((2, 0), ((int)page["count"]!, page["results"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_request_that_its_client_gives_up_is_handled_all_the_same()
    {
        var arrived = new TaskCompletionSource();
        var givenUp = new TaskCompletionSource();
        await using var sandbox = await StartAsync(
            onRequest: async (moment, stopping) =>
            {
                if (moment.Phase != SandboxPhase.Arrived)
                    return;
                arrived.TrySetResult();
                await givenUp.Task.WaitAsync(stopping);
            }
        );
        var inviting = sandbox.InviteAsync("dora@example.com");
        await arrived.Task;
        sandbox.Http.CancelPendingRequests();
        await Assert.ThrowsAsync<TaskCanceledException>(() => inviting);
        Assert.Equal(0, sandbox.Connection.MailsTo("dora@example.com"));
        givenUp.SetResult();
        await Eventually.Async(() => sandbox.Connection.MailsTo("dora@example.com") == 1);
    }

    [Fact]
    public async Task Stopping_waits_for_no_delayed_request()
    {
        var sandbox = await StartAsync();
        sandbox.Server.Inject(Fault.Latency(TimeSpan.FromHours(1)));
        var waiting = sandbox.GetAsync("users/");
        await Task.Delay(50, TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        await sandbox.Server.DisposeAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(10));
        // The answer is Kestrel's 500 or a broken connection: both are no answer of the vendor's.
        var answered = await Record.ExceptionAsync(async () => Assert.Equal(500, (await waiting).Status));
        Assert.True(answered is null or HttpRequestException);
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_delay_goes_with_any_other_fault()
    {
        await using var sandbox = await StartAsync();
        sandbox.Server.Inject(Fault.Answer(502) with { Delay = TimeSpan.FromMilliseconds(60) });
        var watch = Stopwatch.StartNew();
        Assert.Equal(502, (await sandbox.GetAsync("users/")).Status);
        Assert.True(watch.ElapsedMilliseconds >= 55);
    }
}
