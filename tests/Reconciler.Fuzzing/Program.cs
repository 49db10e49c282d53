using Reconciler.Core.Tests.Fuzzing;
using Reconciler.Kubernetes.Tests.Fuzzing;
using Reconciler.Manifests.Tests.Fuzzing;
using Reconciler.Providers.Tests.Fuzzing;
using Reconciler.Reports.Tests.Fuzzing;
using Reconciler.State.Tests.Fuzzing;
using Reconciler.Testing.Fuzzing;
using Reconciler.Worker.Tests.Fuzzing;
using SharpFuzz;

// Runs the targets of all tests: `list` names them, `TARGET FILE...` tries files, and `TARGET` alone is what AFL++
// starts; build/fuzz does.
FuzzTarget[] all =
[
    .. CoreTargets.All,
    .. KubernetesTargets.All,
    .. ManifestTargets.All,
    .. ProvidersTargets.All,
    .. ReportsTargets.All,
    .. StateTargets.All,
    .. WorkerTargets.All,
];
if (args is ["list"])
{
    foreach (var each in all)
        Console.WriteLine(each.Name);
    return 0;
}

if (args.Length == 0 || Array.Find(all, t => t.Name == args[0]) is not { } target)
{
    await Console.Error.WriteLineAsync($"expected list, or one of {string.Join(", ", all.Select(t => t.Name))}");
    return 64;
}

if (args.Length == 1)
{
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        target.Try(input.ToArray()).GetAwaiter().GetResult();
    });
    return 0;
}

foreach (var file in args[1..])
    await target.Try(await File.ReadAllBytesAsync(file));
return 0;
