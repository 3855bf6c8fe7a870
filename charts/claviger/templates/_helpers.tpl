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

{{- define "claviger.webhook" -}}
{{ include "claviger.fullname" . }}-webhook
{{- end -}}

{{- define "claviger.certs" -}}
{{ include "claviger.webhook" . }}-certs
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

{{- define "claviger.image" -}}
{{ .image.repository }}:{{ default .chart.AppVersion .image.tag }}
{{- end -}}

{{- define "claviger.vaultAddress" -}}
{{- $address := default .Values.global.externalVaultAddr .Values.injector.externalVaultAddr -}}
{{- required "global.externalVaultAddr is the address of the store and must be set" $address -}}
{{- end -}}

{{/* One argument of the webhook from a flag and its value: none for an empty value, an empty one for "none". */}}
{{- define "claviger.argument" -}}
{{- $value := index . 1 | toString -}}
{{- if ne $value "" }}
            - {{ printf "-%s=%s" (index . 0) (ternary "" $value (eq $value "none")) | quote }}
{{- end -}}
{{- end -}}
