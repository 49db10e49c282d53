using Reconciler.Core.Tests.Fuzzing;
using Reconciler.Kubernetes.Tests.Fuzzing;
using Reconciler.Manifests.Tests.Fuzzing;
using Reconciler.Operator.Tests.Fuzzing;
using Reconciler.Providers.Tests.Fuzzing;
using Reconciler.Reports.Tests.Fuzzing;
using Reconciler.State.Tests.Fuzzing;
using Reconciler.Testing.Fuzzing;
using Reconciler.Worker.Tests.Fuzzing;
using SharpFuzz;

// What AFL++ starts, with the name of a target; build/fuzz does. Without AFL++ it tries what it is given to read:
// `dotnet Reconciler.Fuzzing.dll TARGET < FILE`.
if (args.Length != 1)
{
    await Console.Error.WriteLineAsync("expected the name of a target, as the folders of Corpus have it");
    return 64;
}

// Nothing of ours may run before: once it counts what it reaches, it needs the memory that is prepared here.
FuzzTarget? target = null;
Fuzzer.OutOfProcess.Run(stream =>
{
    target ??= All().Single(t => t.Name == args[0]);
    using var input = new MemoryStream();
    stream.CopyTo(input);
    target.Try(input.ToArray()).GetAwaiter().GetResult();
});
return 0;

static IEnumerable<FuzzTarget> All() =>
    [
        .. CoreTargets.All,
        .. KubernetesTargets.All,
        .. ManifestTargets.All,
        .. OperatorTargets.All,
        .. ProvidersTargets.All,
        .. ReportsTargets.All,
        .. StateTargets.All,
        .. WorkerTargets.All,
    ];
