# The commands of a day. `make` alone lists them.
.DEFAULT_GOAL := help
ASSEMBLY := src/Reconciler

.PHONY: help build test fast coverage demo worker operator golden generated format ci

help: ## List these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## Build everything; warnings are errors
	dotnet build Reconciler.sln -c Release

test: ## Run all tests; what needs more than the SDK is skipped and says so
	dotnet test Reconciler.sln

fast: ## Run the tests that need no cluster, browser, git or other process; TESTS=Core only those
	for tests in $(or $(TESTS),Core Engine Manifests Providers Reports State); do dotnet test tests/Reconciler.$$tests.Tests || exit 1; done

coverage: ## Write artifacts/coverage/index.html; FILTER=text runs only the tests so named
	rm -rf artifacts/coverage
	dotnet test Reconciler.sln --collect "XPlat Code Coverage" --results-directory artifacts/coverage/results \
	  --filter "FullyQualifiedName!~OtherProcess&FullyQualifiedName~$(or $(FILTER),Tests)"
	dotnet tool restore
	dotnet reportgenerator -reports:"artifacts/coverage/results/*/coverage.cobertura.xml" -targetdir:artifacts/coverage \
	  -assemblyfilters:"+reconciler;+Reconciler.*;-*.Tests;-*.Replica" -filefilters:"-*/obj/*" -verbosity:Warning

demo: ## Run the demo on the embedded sandbox
	dotnet run --project $(ASSEMBLY) -- demo

worker: ## Follow examples/compose/worker.yaml, or SETTINGS=file
	dotnet run --project $(ASSEMBLY) -- worker --config $(or $(SETTINGS),examples/compose/worker.yaml)

operator: ## Run the operator on the cluster of the current kubeconfig
	dotnet run --project $(ASSEMBLY) -- operator --leader-elect=false

golden: ## Update the golden files; read the difference
	RECONCILER_UPDATE_GOLDEN=1 dotnet test Reconciler.sln --filter Golden

generated: ## Write schemas, reference pages and the chart's generated parts again
	RECONCILER_UPDATE_GENERATED=1 dotnet test Reconciler.sln --filter Generated

format: ## Format the code
	dotnet csharpier format .

ci: ## Everything that must hold before a change lands
	bash .ci/run
