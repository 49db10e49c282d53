using Reconciler.Operator.Tests.Vendors;
using Reconciler.Testing.Kubernetes.Servers;

// One API server for all tests of this project, started by the first that asks for it.
[assembly: AssemblyFixture(typeof(KubeApiServer))]
// And one whose definitions know VendorDefinitions: they differ in every kind, and one server has one set.
[assembly: AssemblyFixture(typeof(DescribedApiServer))]
