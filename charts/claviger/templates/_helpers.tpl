{{/* The name that everything begins with. */}}
{{- define "claviger.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 48 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 48 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 48 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* As vault-helm defines them: texts in its values files refer to these. */}}
{{- define "vault.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "vault.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "vault.namespace" -}}
{{ include "claviger.namespace" . }}
{{- end -}}

{{/* Not empty when the chart installs anything. */}}
{{- define "claviger.enabled" -}}
{{- $enabled := toString .Values.injector.enabled -}}
{{- if or (eq $enabled "true") (and (eq $enabled "-") .Values.global.enabled) }}true{{ end -}}
{{- end -}}

{{- define "claviger.namespace" -}}
{{ default .Release.Namespace .Values.global.namespace }}
{{- end -}}

{{- define "claviger.webhook" -}}
{{ include "claviger.fullname" . }}-webhook
{{- end -}}

{{- define "claviger.selectorLabels" -}}
app.kubernetes.io/name: claviger
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: webhook
{{- end -}}

{{- define "claviger.labels" -}}
{{ include "claviger.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* `name`, `namespace` and `labels` of an object. */}}
{{- define "claviger.metadata" -}}
name: {{ include "claviger.webhook" . }}
namespace: {{ include "claviger.namespace" . }}
labels:
  {{- include "claviger.labels" . | nindent 2 }}
{{- end -}}

{{- define "claviger.clusterMetadata" -}}
name: {{ include "claviger.webhook" . }}
labels:
  {{- include "claviger.labels" . | nindent 2 }}
{{- end -}}

{{/* YAML of a value that is YAML, or a text of it with templates in it: (list value $). */}}
{{- define "claviger.render" -}}
{{- $value := index . 0 -}}
{{- if kindIs "string" $value }}{{ tpl $value (index . 1) }}{{ else }}{{ toYaml $value }}{{ end -}}
{{- end -}}

{{/* The webhook's image, of a repository that is no vault-k8s. A tag counts only beside a repository. */}}
{{- define "claviger.image" -}}
{{- $image := .Values.injector.image -}}
{{- if or (not $image.repository) (include "claviger.isStockWebhook" .) -}}
claviger/webhook:{{ .Chart.AppVersion }}
{{- else -}}
{{ $image.repository }}:{{ default .Chart.AppVersion $image.tag }}
{{- end -}}
{{- end -}}

{{- define "claviger.isStockWebhook" -}}
{{- if regexMatch "^vault-k8s" (base .Values.injector.image.repository) }}true{{ end -}}
{{- end -}}

{{- define "claviger.agentImage" -}}
{{- $image := .Values.injector.agentImage -}}
{{- if $image.repository -}}
{{ $image.repository }}:{{ default .Chart.AppVersion $image.tag }}
{{- else -}}
claviger/agent:{{ .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "claviger.vaultAddress" -}}
{{- $address := default .Values.injector.externalVaultAddr .Values.global.externalVaultAddr -}}
{{- if not (or $address .Values.injector.stores) -}}
{{- $scheme := ternary "http" "https" .Values.global.tlsDisable -}}
{{- fail (printf "\n\nThe address of the store is missing: set global.externalVaultAddr to where pods reach it, for instance\n  --set global.externalVaultAddr=%s://vault.vault.svc:8200\nfor the server of a release \"vault\" of vault-helm in namespace \"vault\". This chart installs no server of its own. Where pods have other stores and no Vault, list those in injector.stores.\n" $scheme) -}}
{{- end -}}
{{- $address -}}
{{- end -}}

{{/* Not empty when a ValidatingAdmissionPolicy backs the webhook. */}}
{{- define "claviger.hasAdmissionPolicy" -}}
{{- $enabled := toString .Values.injector.admissionPolicy.enabled -}}
{{- $known := .Capabilities.APIVersions.Has "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy" -}}
{{- if or (eq $enabled "true") (and (eq $enabled "-") $known) }}true{{ end -}}
{{- end -}}

{{- define "claviger.failurePolicy" -}}
{{- $given := default .Values.injector.failurePolicy .Values.injector.webhook.failurePolicy -}}
{{- default (ternary "Ignore" "Fail" (include "claviger.hasAdmissionPolicy" . | eq "true")) $given -}}
{{- end -}}

{{/* What webhook and admission policy share: which requests, of which namespaces and pods. */}}
{{- define "claviger.selectors" -}}
{{- $injector := .Values.injector -}}
matchPolicy: {{ default $injector.matchPolicy $injector.webhook.matchPolicy | default "Equivalent" }}
{{- with default $injector.namespaceSelector $injector.webhook.namespaceSelector }}
namespaceSelector:
  {{- include "claviger.render" (list . $) | trim | nindent 2 }}
{{- end }}
{{- with default $injector.objectSelector $injector.webhook.objectSelector }}
objectSelector:
  {{- include "claviger.render" (list . $) | trim | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "claviger.podRules" -}}
- operations: [CREATE]
  apiGroups: ['']
  apiVersions: [v1]
  resources: [pods]
  scope: Namespaced
{{- end -}}

{{/* Evaluated in the API server: a pod that does not ask for injection waits for nobody. */}}
{{- define "claviger.matchConditions" -}}
- name: asks-for-injection
  expression: >-
    {{ include (printf "claviger.conditions.asks.%s" (ternary "claviger" .Values.injector.profile .Values.injector.namespaceDefaults.enabled)) . }}
{{- end -}}

{{/* The webhook, as bindings name it. */}}
{{- define "claviger.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ include "claviger.webhook" . }}
    namespace: {{ include "claviger.namespace" . }}
{{- end -}}
