namespace Reconciler.Proxies;

/// <summary>A variable that should name a proxy does not. Its value may hold a password, so it is not shown.</summary>
/// <param name="name">The variable.</param>
internal sealed class ProxyVariableException(string name)
    : Exception(
        $"the variable {name} is not the address of a proxy; expected one such as http://proxy.example.com:3128"
    );
