# The image of the worker; every other verb is in it too. Needs BuildKit, or Buildah 1.28 and newer.
#   docker build --build-arg VERSION=0.1.0 --tag reconciler .
# Both bases are Ubuntu 24.04: the program is linked with the C library of the first and wants one as new. The chiseled images are smaller, but have
# no apt to install git with. build/image makes a smaller one and downloads no base image: it holds a shell and
# only the files that the program, git, ssh and gpg load.

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
# clang links what the compiler makes. It takes the other architecture's C library and linker from the cross compiler of gcc, whose package has
# them; .NET's own libraries, zlib among them, come from NuGet for either.
RUN apt-get update \
    && case "$(dpkg --print-architecture)-${TARGETARCH:-}" in amd64-arm64) other="gcc-aarch64-linux-gnu libc6-dev-arm64-cross" ;; arm64-amd64) other="gcc-x86-64-linux-gnu libc6-dev-amd64-cross" ;; esac \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends clang gcc libc6-dev llvm ${other:-}
WORKDIR /src
# Packages first: this layer stays as long as no project file changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Directory.Build.props src/Directory.Build.targets src/
COPY src/Reconciler/Reconciler.csproj src/Reconciler/
COPY src/Reconciler.Core/Reconciler.Core.csproj src/Reconciler.Core/
COPY src/Reconciler.Engine/Reconciler.Engine.csproj src/Reconciler.Engine/
COPY src/Reconciler.Generators/Reconciler.Generators.csproj src/Reconciler.Generators/
COPY src/Reconciler.Hosting/Reconciler.Hosting.csproj src/Reconciler.Hosting/
COPY src/Reconciler.Kubernetes/Reconciler.Kubernetes.csproj src/Reconciler.Kubernetes/
COPY src/Reconciler.Manifests/Reconciler.Manifests.csproj src/Reconciler.Manifests/
COPY src/Reconciler.Operator/Reconciler.Operator.csproj src/Reconciler.Operator/
COPY src/Reconciler.Providers/Reconciler.Providers.csproj src/Reconciler.Providers/
COPY src/Reconciler.Reports/Reconciler.Reports.csproj src/Reconciler.Reports/
COPY src/Reconciler.Sandbox/Reconciler.Sandbox.csproj src/Reconciler.Sandbox/
COPY src/Reconciler.Sources/Reconciler.Sources.csproj src/Reconciler.Sources/
COPY src/Reconciler.State/Reconciler.State.csproj src/Reconciler.State/
COPY src/Reconciler.Worker/Reconciler.Worker.csproj src/Reconciler.Worker/
RUN dotnet restore src/Reconciler --arch "${TARGETARCH:-amd64}" -p:PublishAot=true

COPY build/*.txt build/
COPY vendors vendors
COPY src src
ARG VERSION
ARG REVISION
# The analyzers have had their say in CI.
RUN dotnet publish src/Reconciler --configuration Release --no-restore --arch "${TARGETARCH:-amd64}" --output /published \
      -p:PublishAot=true -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false \
      ${VERSION:+-p:MinVerVersionOverride="$VERSION"} ${REVISION:+-p:SourceRevisionId="$REVISION"} \
    && mkdir /app && cp /published/reconciler /published/*.so /app

FROM ubuntu:24.04
# git and ssh fetch the manifests, gpg checks who signed them.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ca-certificates git gpg libssl3t64 openssh-client \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/log/*
# ssh wants its user to have a name. The folder belongs to it, so that a new volume there does too.
RUN groupadd --gid 65532 reconciler \
    && useradd --uid 65532 --gid 65532 --home-dir /var/lib/reconciler --no-create-home --shell /usr/sbin/nologin reconciler \
    && install --directory --mode=0700 --owner=65532 --group=65532 /var/lib/reconciler
COPY --from=build /app /app
RUN ln --symbolic /app/reconciler /usr/local/bin/reconciler

WORKDIR /var/lib/reconciler
USER 65532:65532
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 CMD ["reconciler", "health"]
ENTRYPOINT ["reconciler"]
CMD ["worker", "--config", "/etc/reconciler/worker.yaml"]

ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="Reconciler" \
      org.opencontainers.image.description="Manages who has access to your SaaS projects from YAML in git" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
