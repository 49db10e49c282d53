using Reconciler.Testing.State;

namespace Reconciler.State.Tests.Contract;

public sealed class FileStateStoreTests() : StateStoreContract(new FileBench());

public sealed class PostgresStateStoreTests() : StateStoreContract(new PostgresBench());

public sealed class FileAuditChainTests() : AuditChainContract(new FileBench());

public sealed class PostgresAuditChainTests() : AuditChainContract(new PostgresBench());
