using Reconciler.Testing.Kubernetes.Servers;

// One API server for all tests of this project, started by the first that asks for it.
[assembly: AssemblyFixture(typeof(KubeApiServer))]
