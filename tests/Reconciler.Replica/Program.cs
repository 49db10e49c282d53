// One replica of something that only a leader may do: it waits for a Lease and then writes to a vendor, over and over,
// asking before each write whether it still leads. The failover tests run several and stop, kill and freeze them.
// Arguments: kubeconfig, namespace, lease, identity, lease duration, renew deadline, retry period (seconds), the
// vendor's address, and by how many seconds its wall clock is wrong.
using System.Globalization;
using System.Runtime.InteropServices;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Kubernetes.Leasing;
using Reconciler.Replica;

using var stop = new CancellationTokenSource();
using var signal = PosixSignalRegistration.Create(
    PosixSignal.SIGTERM,
    context =>
    {
        context.Cancel = true;
        stop.Cancel();
    }
);
using var client = new ClusterClient(KubeConfig.Load(new() { Files = [args[0]] }));
using var vendor = new HttpClient { BaseAddress = new(args[7]) };
var elector = new LeaderElector(
    client,
    new()
    {
        Lease = new(args[1], args[2]),
        Identity = args[3],
        LeaseDuration = Seconds(args[4]),
        RenewDeadline = Seconds(args[5]),
        RetryPeriod = Seconds(args[6]),
    },
    new WrongClock(Seconds(args[8]))
);
_ = TellAsync();
try
{
    await elector.RunAsync(WriteAsync, stop.Token);
    return 0;
}
catch (LeadershipLostException)
{
    return 3;
}

// Who has seen the lease can take it over.
async Task TellAsync()
{
    while (elector.Holder is null)
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    using var answer = await vendor.PostAsync(new Uri($"{args[2]}/{args[3]}/up", UriKind.Relative), null);
}

async Task WriteAsync(CancellationToken cancellation)
{
    while (!cancellation.IsCancellationRequested)
    {
        // Two in a row: who is stopped during the first must ask again before the second, with nothing in between that
        // would have told it.
        foreach (var which in (string[])["first", "second"])
        {
            if (!elector.IsLeader)
                continue;
            using var answer = await vendor.PostAsync(
                new Uri($"{args[2]}/{args[3]}/{which}", UriKind.Relative),
                null,
                CancellationToken.None
            );
        }

        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));
