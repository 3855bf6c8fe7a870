{{/* Where the certificate comes from: "own", "secret" or "cert-manager". */}}
{{- define "claviger.certs.source" -}}
{{- $certs := .Values.injector.certs -}}
{{- if and $certs.secretName $certs.certManager.enabled -}}
{{- fail "\n\ninjector.certs.secretName and injector.certs.certManager.enabled exclude each other: take one of the two away.\n" -}}
{{- end -}}
{{- if $certs.certManager.enabled }}cert-manager{{ else if $certs.secretName }}secret{{ else }}own{{ end -}}
{{- end -}}

{{/* The Secret with the certificate: the one to write to, or the one that is mounted. */}}
{{- define "claviger.certs.secret" -}}
{{- $source := include "claviger.certs.source" . -}}
{{- if eq $source "secret" }}{{ .Values.injector.certs.secretName }}
{{- else if eq $source "cert-manager" }}{{ include "claviger.webhook" . }}-tls
{{- else }}{{ include "claviger.webhook" . }}-certs
{{- end -}}
{{- end -}}

{{/* Annotations of the MutatingWebhookConfiguration. */}}
{{- define "claviger.webhookAnnotations" -}}
{{- with default .Values.injector.webhookAnnotations .Values.injector.webhook.annotations }}
{{- include "claviger.render" (list . $) | trim }}
{{- end }}
{{- if eq (include "claviger.certs.source" .) "cert-manager" }}
cert-manager.io/inject-ca-from: {{ include "claviger.namespace" . }}/{{ include "claviger.webhook" . }}
{{- end }}
{{- end -}}

{{/* Not empty when the webhook itself writes the CA into the MutatingWebhookConfiguration. */}}
{{- define "claviger.certs.isPublisher" -}}
{{- $certs := .Values.injector.certs -}}
{{- $source := include "claviger.certs.source" . -}}
{{- if eq $source "own" -}}
true
{{- else if and (eq $source "secret") $certs.caName (not $certs.caBundle) (not (contains "cert-manager.io/inject-" (include "claviger.webhookAnnotations" .))) -}}
true
{{- end -}}
{{- end -}}
