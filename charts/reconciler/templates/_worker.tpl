{{/* The settings file: what the values say, and what the chart decides, such as ports and folders. An address without a host is every one, of IPv6 too. */}}
{{- define "reconciler.workerSettings" -}}
{{- $secrets := "/run/secrets/reconciler" -}}
{{- $own := dict
  "state" "/var/lib/reconciler/state.db"
  "secretsDir" $secrets
  "operations" (dict "listen" ":8080")
  "log" .Values.log -}}
{{- with include "reconciler.maxRemovals" . -}}
{{- $_ := set $own "maxRemovals" . -}}
{{- end -}}
{{- with .Values.allowHosts -}}
{{- $_ := set $own "allowHosts" . -}}
{{- end -}}
{{- if .Values.guardrails -}}
{{- $_ := set $own "guardrails" "/etc/reconciler/guardrails.yaml" -}}
{{- end -}}
{{- if .Values.worker.connections -}}
{{- $_ := set $own "connections" "/etc/reconciler/connections.yaml" -}}
{{- end -}}
{{- with .Values.worker.webhook -}}
{{- if .enabled -}}
{{- $_ := set $own "webhook" (dict "listen" ":8082" "path" .path "secretFile" (printf "%s/%s/%s" $secrets .secretName .secretKey)) -}}
{{- end -}}
{{- end -}}
{{- with .Values.worker.status -}}
{{- if .enabled -}}
{{- $_ := set $own "status" (dict "listen" ":8081" "tokenFile" (printf "%s/%s/%s" $secrets .secretName .secretKey)) -}}
{{- end -}}
{{- end -}}
{{- merge $own (deepCopy .Values.worker.settings) | toYaml -}}
{{- end -}}

{{/* The names of all Secrets that are mounted, each once. */}}
{{- define "reconciler.workerSecrets" -}}
{{- $names := list -}}
{{- range .Values.worker.secrets -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- range $listener := list .Values.worker.webhook .Values.worker.status -}}
{{- if $listener.enabled -}}
{{- $names = append $names $listener.secretName -}}
{{- end -}}
{{- end -}}
{{- $names | uniq | toJson -}}
{{- end -}}
