{{/* What the operator does where its resources are. build/rbac-least.sh takes each right away and shows the test that fails then. */}}
{{- define "reconciler.rules" -}}
- apiGroups: [reconciler.dev]
  resources: [projectmemberships, accessproviders, teams, accessroles, persons, guardrails, approvals]
  verbs: [list, watch]
# Where somebody else has written in between, and for the finalizer.
- apiGroups: [reconciler.dev]
  resources: [projectmemberships]
  verbs: [get, patch]
- apiGroups: [reconciler.dev]
  resources: [projectmemberships/status, accessproviders/status]
  verbs: [patch]
{{- if .Values.operator.vendorDefinitions }}
# They say where tokens go, so that the operator reads them and writes nothing but what it found.
- apiGroups: [reconciler.dev]
  resources: [vendordefinitions]
  verbs: [list, watch]
- apiGroups: [reconciler.dev]
  resources: [vendordefinitions/status]
  verbs: [patch]
{{- end }}
# One by one, by the name that an AccessProvider gives; never a list.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

{{/* The leases by which one pod of each Deployment is chosen. The program's own name for its shard is default, and that lease has no such ending. */}}
{{- define "reconciler.leaseRules" -}}
{{- $leases := list -}}
{{- range .Values.operator.shards -}}
{{- $leases = append $leases (eq .name "default" | ternary "reconciler-operator" (printf "reconciler-operator-%s" .name)) -}}
{{- end -}}
# What is created has no name yet that a rule could ask for.
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ default (list "reconciler-operator") $leases | join ", " }}]
  verbs: [get, update]
{{- end -}}
