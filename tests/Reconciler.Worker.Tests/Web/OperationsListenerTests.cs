using System.Net;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Telemetry;
using Reconciler.Hosting.Web;
using Reconciler.Testing;
using Reconciler.Testing.Telemetry;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

public sealed class OperationsListenerTests : IAsyncLifetime
{
    private readonly FakeWorkerView _worker = new(WorkerSample.Status());
    private readonly StandingClock _clock = new(WorkerSample.Now);
    private readonly ReconcilerMetrics _metrics = new();
    private readonly OperationsListener _listener;
    private readonly HttpClient _http = new();

    public OperationsListenerTests()
    {
        ReconcileGauges.Observe(_metrics, () => _worker.Status, _clock);
        WorkerGauges.Observe(_metrics, () => _worker.Status);
        _listener = new(
            new(new(IPAddress.Loopback, 0)),
            () => Liveness.Of(_worker.Status, _clock.Now),
            () => Readiness.Of(_worker.Status, _clock.Now),
            _metrics
        );
    }

    public async ValueTask InitializeAsync()
    {
        await _listener.StartAsync(TestContext.Current.CancellationToken);
        _http.BaseAddress = new(_listener.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _listener.DisposeAsync();
        _metrics.Dispose();
    }

    [Theory]
    [InlineData(60, 200, "ok")]
    [InlineData(61, 503, "stuck: the scheduler is silent for 61 s")]
    public async Task A_scheduler_that_is_silent_for_more_than_a_minute_is_no_longer_alive(
        int silentFor,
        int status,
        string text
    )
    {
        _worker.Status = _worker.Status with { BeatAt = _clock.Now.AddSeconds(-silentFor) };
        Assert.Equal((status, text + "\n"), await GetAsync("/healthz"));
    }

    [Theory]
    [InlineData(600, 200)]
    [InlineData(601, 503)]
    public async Task A_start_may_take_ten_minutes(int age, int status)
    {
        _worker.Status = WorkerSample.Starting() with { StartedAt = _clock.Now.AddSeconds(-age) };
        Assert.Equal(status, (await GetAsync("/healthz")).Status);
    }

    [Fact]
    public async Task A_worker_that_comes_to_its_end_is_alive_and_not_ready()
    {
        _worker.Status = _worker.Status with { IsStopping = true, BeatAt = _clock.Now.AddMinutes(-5) };
        Assert.Equal((200, "stopping\n"), await GetAsync("/healthz"));
        Assert.StartsWith("not ready\n- stopping\n", (await GetAsync("/readyz")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_ready_while_a_revision_is_in_force_though_the_source_fails_and_a_provider_is_down() =>
        Assert.Equal(
            (
                200,
                "ready\nsource: its newest revision is broken since 2026-06-15T11:48:00Z\n"
                    + "provider default/acme-eu: reachable\nprovider default/acme-us: unreachable\n"
            ),
            await GetAsync("/readyz")
        );

    [Fact]
    public async Task It_is_not_ready_before_a_revision_is_in_force()
    {
        _worker.Status = WorkerSample.Starting();
        Assert.Equal((503, "not ready\n- no revision of the manifests is in force yet\n"), await GetAsync("/readyz"));
    }

    [Theory]
    [InlineData(null, "no provider was read yet")]
    [InlineData(false, "no provider can be reached")]
    public async Task It_is_not_ready_while_no_provider_answers(bool? reachable, string reason)
    {
        _worker.Status = _worker.Status with
        {
            Providers = [.. _worker.Status.Providers.Select(p => p with { IsReachable = reachable })],
        };
        var (status, text) = await GetAsync("/readyz");
        Assert.Equal(503, status);
        Assert.Contains($"\n- {reason}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_without_providers_is_nothing_to_wait_for()
    {
        _worker.Status = _worker.Status with { Providers = [], Projects = [] };
        Assert.Equal(200, (await GetAsync("/readyz")).Status);
    }

    [Fact]
    public async Task A_provider_whose_projects_are_all_suspended_is_nothing_to_wait_for()
    {
        _worker.Status = _worker.Status with
        {
            Projects =
            [
                .. _worker.Status.Projects.Select(p =>
                    p with
                    {
                        Project = p.Project with { Suspended = true },
                        State = ProjectState.Suspended,
                    }
                ),
            ],
            Providers = [.. _worker.Status.Providers.Select(p => p with { IsReachable = null })],
        };
        var (status, text) = await GetAsync("/readyz");
        Assert.Equal(200, status);
        Assert.Contains("\nprovider default/acme-eu: not read yet\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_project_holds_no_plan_though_its_last_one_was_held()
    {
        _worker.Status = _worker.Status with
        {
            Projects = [.. _worker.Status.Projects.Select(p => p with { State = ProjectState.Suspended })],
        };
        var metrics = PrometheusReader.Read((await GetAsync("/metrics")).Text);
        Assert.Equal(0, metrics.Value("reconciler_plans_held", ("provider", "default/acme-eu")));
        Assert.DoesNotContain(
            "Held plans",
            new OverviewPage(_worker.Status, new("/"), _clock.Now).Answer().Body,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(30, true, 200)]
    [InlineData(31, true, 503)]
    [InlineData(31, false, 503)]
    public async Task A_pass_that_does_not_end_makes_it_not_ready(int minutes, bool knowsSince, int status)
    {
        var since = _clock.Now.AddMinutes(-minutes);
        _worker.Status = _worker.Status with
        {
            Projects =
            [
                .. _worker.Status.Projects.Select(
                    (p, i) =>
                        p with
                        {
                            IsRunning = i == 0,
                            RunningSince = knowsSince && i == 0 ? since : null,
                            NextAt = since,
                        }
                ),
            ],
        };
        var (found, text) = await GetAsync("/readyz");
        Assert.Equal(status, found);
        Assert.Equal(
            status == 503,
            text.Contains("- 1 reconcile runs for more than 30 minutes\n", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Nothing_personal_and_no_origin_is_told_to_whoever_asks()
    {
        var told = string.Concat(
            (await GetAsync("/readyz")).Text,
            (await GetAsync("/healthz")).Text,
            (await GetAsync("/metrics")).Text
        );
        Assert.DoesNotContain("@", told, StringComparison.Ordinal);
        Assert.DoesNotContain("git.example", told, StringComparison.Ordinal);
        Assert.DoesNotContain("fraud-detection", told, StringComparison.Ordinal);
        Assert.DoesNotContain("api.acme", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_tell_the_state_in_numbers()
    {
        using var answer = await _http.GetAsync(
            new Uri("/metrics", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var read = PrometheusReader.Read(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        foreach (var state in Enum.GetValues<ProjectState>().Where(s => s != ProjectState.Elsewhere))
            Assert.Equal(
                1,
                read["reconciler_projects"]
                    .Samples.Where(s => s.Labels["state"] == ReconcilerMetrics.Word(state))
                    .Sum(s => s.Value)
            );
        Assert.Equal(1, read.Value("reconciler_plans_held", ("provider", "default/acme-eu")));
        Assert.Equal(1, read.Value("reconciler_invitations_waiting", ("provider", "default/acme-eu")));
        Assert.Equal(1, read.Value("reconciler_findings", ("provider", "default/acme-eu"), ("kind", "waiting")));
        Assert.Equal(
            1,
            read.Value("reconciler_provider_reachable", ("provider", "default/acme-eu"), ("vendor", "acme"))
        );
        Assert.Equal(0, read.Value("reconciler_provider_reachable", ("provider", "default/acme-us")));
        Assert.Equal(1, read.Value("reconciler_source_failing"));
        Assert.Equal(
            1,
            read.Value("reconciler_source_revision_info", ("revision", "9f1c2e4b7a8d0c3e5f6a7b8c9d0e1f2a3b4c5d6e"))
        );
        Assert.Equal(
            _clock.Now.ToUnixTimeSeconds() - 20,
            read.Value("reconciler_source_last_success_timestamp_seconds")
        );
        Assert.Equal(_clock.Now.ToUnixTimeSeconds() - 2, read.Value("reconciler_scheduler_beat_timestamp_seconds"));
        Assert.Equal(4 * 3600, read.Value("reconciler_oldest_pass_age_seconds"));
        Assert.Equal(4, read.Value("reconciler_due_lag_seconds"));
    }

    [Fact]
    public async Task It_only_reads_and_knows_three_paths()
    {
        Assert.Equal(404, (await GetAsync("/")).Status);
        using var head = await _http.SendAsync(new(HttpMethod.Head, "/healthz"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        using var post = await _http.PostAsync(
            new Uri("/healthz", UriKind.Relative),
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(["GET", "HEAD"], post.Content.Headers.Allow.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("[::1]:0", "[::1]:0")]
    [InlineData("localhost:65535", "127.0.0.1:65535")]
    [InlineData(":9090", "[::]:9090")]
    [InlineData("*:9090", "[::]:9090")]
    [InlineData("8080", null)]
    [InlineData("::1:80", null)]
    [InlineData("127.0.0.1:65536", null)]
    [InlineData("127.1:80", null)]
    [InlineData("example.com:80", null)]
    [InlineData("127.0.0.1: 80", null)]
    public void An_address_to_listen_on_is_read_strictly(string text, string? read) =>
        Assert.Equal(read, ListenAddress.Parse(text)?.ToString());

    private async Task<(int Status, string Text)> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
