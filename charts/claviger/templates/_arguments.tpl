{{/* One argument of the webhook from a flag and its value: none for an empty value, an empty one for "none". */}}
{{- define "claviger.argument" -}}
{{- $value := index . 1 | toString -}}
{{- if ne $value "" }}
- {{ printf "-%s=%s" (index . 0) (ternary "" $value (eq $value "none")) | quote }}
{{- end -}}
{{- end -}}

{{- define "claviger.arguments" -}}
{{- $injector := .Values.injector -}}
- agent-inject
- -listen=:{{ $injector.port }}
- -log-level={{ lower $injector.logLevel }}
{{- include "claviger.argument" (list "log-format" $injector.logFormat) }}
- -profile={{ $injector.profile }}
{{- include "claviger.storeArguments" . }}
{{- include "claviger.agentArguments" . }}
{{- if $injector.metrics.enabled }}
- -telemetry-path=/metrics
{{- end }}
{{- if $injector.metrics.port }}
- -metrics-listen=:{{ $injector.metrics.port }}
{{- end }}
- -tls-min-version={{ $injector.tls.minVersion }}
{{- include "claviger.argument" (list "tls-cipher-suites" (join "," $injector.tls.cipherSuites)) }}
- -drain-delay={{ $injector.drainDelay }}
- -namespace={{ include "claviger.namespace" . }}
{{- if $injector.namespaceDefaults.enabled }}
- -watch-namespaces=true
{{- end }}
{{- if $injector.policy }}
- -policy-file=/etc/webhook/policy/policy.yaml
{{- end }}
{{- include "claviger.certificateArguments" . }}
{{- end -}}

{{- define "claviger.storeArguments" -}}
{{- $injector := .Values.injector }}
{{- with include "claviger.vaultAddress" . }}
- -vault-address={{ . }}
{{- end }}
- -vault-auth-type={{ $injector.authType }}
- -vault-auth-path={{ $injector.authPath }}
{{- include "claviger.argument" (list "vault-cacert-bytes" ($injector.vaultCaCert | b64enc)) }}
{{- if include "claviger.vaultCaVolume" . }}
- -vault-cacert-file=/etc/webhook/vault-ca/{{ $injector.vaultCa.key }}
{{- end }}
{{- end -}}

{{- define "claviger.agentArguments" -}}
{{- $injector := .Values.injector }}
- {{ ternary "-agent-image" "-vault-image" (contains "claviger" (include "claviger.agentImage" .)) }}={{ include "claviger.agentImage" . }}
{{- include "claviger.argument" (list "agent-flavour" $injector.agentFlavour) }}
{{- with $injector.stores }}
{{- include "claviger.argument" (list "stores" (toJson .)) }}
{{- end }}
{{- include "claviger.argument" (list "agent-image-pull-policy" $injector.agentImage.pullPolicy) }}
{{- include "claviger.argument" (list "cpu-request" $injector.agentDefaults.cpuRequest) }}
{{- include "claviger.argument" (list "cpu-limit" $injector.agentDefaults.cpuLimit) }}
{{- include "claviger.argument" (list "memory-request" $injector.agentDefaults.memRequest) }}
{{- include "claviger.argument" (list "memory-limit" $injector.agentDefaults.memLimit) }}
{{- include "claviger.argument" (list "ephemeral-storage-request" $injector.agentDefaults.ephemeralRequest) }}
{{- include "claviger.argument" (list "ephemeral-storage-limit" $injector.agentDefaults.ephemeralLimit) }}
{{- include "claviger.argument" (list "default-template" $injector.agentDefaults.template) }}
{{- include "claviger.argument" (list "template-config-exit-on-retry-failure" $injector.agentDefaults.templateConfig.exitOnRetryFailure) }}
{{- include "claviger.argument" (list "template-static-secret-render-interval" $injector.agentDefaults.templateConfig.staticSecretRenderInterval) }}
{{- include "claviger.argument" (list "vault-namespace" $injector.agentDefaults.vaultNamespace) }}
{{- include "claviger.argument" (list "proxy-address" $injector.agentDefaults.proxyAddress) }}
{{- include "claviger.argument" (list "no-proxy" $injector.agentDefaults.noProxy) }}
{{- include "claviger.argument" (list "agent-traces-endpoint" $injector.agentDefaults.tracesEndpoint) }}
{{- include "claviger.argument" (list "agent-own-token" $injector.agentDefaults.ownToken) }}
{{- include "claviger.argument" (list "agent-token-audience" $injector.agentDefaults.tokenAudience) }}
{{- include "claviger.argument" (list "native-sidecar" (default (ternary "" "off" (semverCompare ">=1.29.0-0" $.Capabilities.KubeVersion.Version)) $injector.agentDefaults.nativeSidecar)) }}
{{- include "claviger.argument" (list "agent-image-pull-secrets" $injector.agentDefaults.imagePullSecrets) }}
{{- include "claviger.argument" (list "template-policy" $injector.agentDefaults.templatePolicy) }}
{{- include "claviger.argument" (list "auth-min-backoff" $injector.agentDefaults.authMinBackoff) }}
{{- include "claviger.argument" (list "auth-max-backoff" $injector.agentDefaults.authMaxBackoff) }}
{{- include "claviger.argument" (list "disable-idle-connections" $injector.agentDefaults.disableIdleConnections) }}
{{- include "claviger.argument" (list "disable-keep-alives" $injector.agentDefaults.disableKeepAlives) }}
{{- include "claviger.argument" (list "revoke-on-shutdown" $injector.revokeOnShutdown) }}
{{- include "claviger.argument" (list "set-security-context" (ternary "false" $injector.agentDefaults.setSecurityContext (and .Values.global.openshift (eq (toString $injector.agentDefaults.setSecurityContext) "")))) }}
{{- include "claviger.argument" (list "run-as-user" $injector.agentDefaults.runAsUser) }}
{{- include "claviger.argument" (list "run-as-group" $injector.agentDefaults.runAsGroup) }}
{{- include "claviger.argument" (list "run-as-same-user" $injector.agentDefaults.runAsSameUser) }}
{{- end -}}

{{- define "claviger.certificateArguments" -}}
{{- $webhook := include "claviger.webhook" . }}
{{- $namespace := include "claviger.namespace" . }}
{{- $certs := .Values.injector.certs }}
{{- $source := include "claviger.certs.source" . }}
{{- if eq $source "own" }}
- -tls-auto={{ $webhook }}
- -tls-auto-hosts={{ $webhook }}.{{ $namespace }}.svc,{{ $webhook }}.{{ $namespace }},{{ $webhook }}
- -tls-auto-secret={{ include "claviger.certs.secret" . }}
- -tls-ca-settle={{ $certs.caSettle }}
{{- else }}
- -tls-cert-file=/etc/webhook/certs/{{ ternary "tls.crt" $certs.certName (eq $source "cert-manager") }}
- -tls-key-file=/etc/webhook/certs/{{ ternary "tls.key" $certs.keyName (eq $source "cert-manager") }}
{{- if include "claviger.certs.isPublisher" . }}
- -tls-auto={{ $webhook }}
- -tls-ca-cert-file=/etc/webhook/certs/{{ $certs.caName }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Variables that the values do not set themselves: a name that is there twice is refused by server-side apply. */}}
{{- define "claviger.variables" -}}
{{- $injector := .Values.injector -}}
{{- $variables := dict -}}
{{- with $injector.agentDefaults.templateConfig.maxConnectionsPerHost }}{{ $_ := set $variables "AGENT_INJECT_TEMPLATE_MAX_CONNECTIONS_PER_HOST" . }}{{ end -}}
{{- with $injector.agentDefaults.templateConfig.leaseRenewalThreshold }}{{ $_ := set $variables "AGENT_INJECT_TEMPLATE_LEASE_RENEWAL_THRESHOLD" . }}{{ end -}}
{{- range $name, $value := $injector.extraEnvironmentVars }}{{ $_ := set $variables ($name | upper | replace "." "_") $value }}{{ end -}}
{{- range $name, $value := $variables }}
- name: {{ $name }}
  value: {{ kindIs "float64" $value | ternary ($value | toJson) ($value | toString) | quote }}
{{- end }}
{{- end -}}
