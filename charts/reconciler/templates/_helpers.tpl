{{- define "reconciler.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* The first part of every name. What follows it must still fit into 63 characters. */}}
{{- define "reconciler.fullname" -}}
{{- $name := include "reconciler.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Roles of the whole cluster have no namespace that keeps two releases apart. */}}
{{- define "reconciler.clusterName" -}}
{{- printf "%s:%s" .Release.Namespace (include "reconciler.fullname" .) -}}
{{- end -}}

{{- define "reconciler.workload" -}}
{{- printf "%s-%s" (include "reconciler.fullname" .) .Values.mode -}}
{{- end -}}

{{- define "reconciler.selectorLabels" -}}
app.kubernetes.io/name: {{ include "reconciler.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: {{ .Values.mode }}
{{- end -}}

{{/* By these the pod of helm test is known. */}}
{{- define "reconciler.testLabels" -}}
app.kubernetes.io/name: {{ include "reconciler.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: test
{{- end -}}

{{- define "reconciler.labels" -}}
{{ include "reconciler.commonLabels" . }}
app.kubernetes.io/component: {{ .Values.mode }}
{{- end -}}

{{- define "reconciler.commonLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ include "reconciler.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "reconciler.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "reconciler.workload" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name is empty: name the ServiceAccount that is there, or let serviceAccount.create be true" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "reconciler.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* The limit as text: a number, none, or empty. Numbers come as floating ones from files. */}}
{{- define "reconciler.maxRemovals" -}}
{{- if kindIs "string" .Values.maxRemovals -}}
{{- .Values.maxRemovals -}}
{{- else if not (kindIs "invalid" .Values.maxRemovals) -}}
{{- int64 .Values.maxRemovals -}}
{{- end -}}
{{- end -}}

{{/* The limits as a document each. */}}
{{- define "reconciler.guardrails" -}}
{{- range .Values.guardrails }}
---
apiVersion: reconciler.dev/v1alpha1
kind: Guardrail
metadata:
  name: {{ .name }}
spec:
  {{- toYaml .spec | nindent 2 }}
{{- end }}
{{- end -}}

{{/* What contradicts itself, and what no schema can say. */}}
{{- define "reconciler.check" -}}
{{- if eq .Values.mode "operator" -}}
{{- if and .Values.rbac.aggregate .Values.operator.watchNamespace -}}
{{- fail "rbac.aggregate makes ClusterRoles, and operator.watchNamespace promises that there is none: set one of the two" -}}
{{- end -}}
{{- if and .Values.operator.vendorDefinitions .Values.rbac.create .Values.operator.watchNamespace -}}
{{- fail "operator.vendorDefinitions needs a ClusterRole, since VendorDefinitions are in no namespace, and operator.watchNamespace promises that there is none: set one of the two, or rbac.create to false" -}}
{{- end -}}
{{- if and .Values.operator.overrideVendors (not .Values.operator.vendorDefinitions) -}}
{{- fail "operator.overrideVendors lets VendorDefinitions replace vendors of the program, and operator.vendorDefinitions is false: set that too" -}}
{{- end -}}
{{- if and (not .Values.operator.leaderElect) (gt (int .Values.operator.replicas) 1) -}}
{{- fail "operator.leaderElect is false, and operator.replicas is more than 1: two pods would work against each other" -}}
{{- end -}}
{{- $names := list -}}
{{- range .Values.operator.shards -}}
{{- if has .name $names -}}
{{- fail (printf "operator.shards has %s twice: two shards of one name would share a lease, and one of them would never work" .name) -}}
{{- end -}}
{{- $names = append $names .name -}}
{{- if and (not .selector) (gt (len $.Values.operator.shards) 1) -}}
{{- fail (printf "operator.shards: %s has no selector and is not the only one: each ProjectMembership must fit exactly one" .name) -}}
{{- end -}}
{{- end -}}
{{- else -}}
{{- if not .Values.worker.settings.source -}}
{{- fail "worker.settings.source is missing: name the git repository or the folder that the worker follows" -}}
{{- end -}}
{{- range $listener := list "webhook" "status" -}}
{{- $value := index $.Values.worker $listener -}}
{{- if and $value.enabled (not $value.secretName) -}}
{{- fail (printf "worker.%s.secretName is missing: name the Secret that guards it" $listener) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
