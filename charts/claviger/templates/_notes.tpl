{{/* What was given and has no effect, one line each. */}}
{{- define "claviger.ineffective" -}}
{{- range $section, $reason := dict
    "server" "this chart installs no server"
    "csi" "this chart installs no CSI provider"
    "ui" "this chart installs no server, and so no user interface"
    "serverTelemetry" "this chart installs no server" }}
{{- if index $.Values $section }}
  {{ $section }}: {{ $reason }}
{{- end }}
{{- end }}
{{- if .Values.global.serverTelemetry }}
  global.serverTelemetry: this chart installs no server
{{- end }}
{{- if not .Values.global.tlsDisable }}
  global.tlsDisable: the address of the store says http or https
{{- end }}
{{- if .Values.global.psp }}
  global.psp: Kubernetes has no PodSecurityPolicy since 1.25
{{- end }}
{{- with .Values.injector }}
{{- if .leaderElector }}
  injector.leaderElector: the replicas share their certificates without a leader
{{- end }}
{{- if and .externalVaultAddr $.Values.global.externalVaultAddr (ne .externalVaultAddr $.Values.global.externalVaultAddr) }}
  injector.externalVaultAddr: global.externalVaultAddr wins
{{- end }}
{{- if include "claviger.isStockWebhook" $ }}
  injector.image.repository and tag: {{ .image.repository }} is not Claviger's; {{ include "claviger.image" $ }} runs instead. To take
    it from a registry of yours, name it there.
{{- else if and .image.tag (not .image.repository) }}
  injector.image.tag: it counts only beside injector.image.repository; {{ include "claviger.image" $ }} runs
{{- end }}
{{- if and .agentImage.tag (not .agentImage.repository) }}
  injector.agentImage.tag: it counts only beside injector.agentImage.repository; pods get {{ include "claviger.agentImage" $ }}
{{- end }}
{{- if and .topologySpreadConstraints (contains "labelSelector" (toString .topologySpreadConstraints)) }}
  labelSelector in injector.topologySpreadConstraints: the labels of the webhook's pods are filled in
{{- end }}
{{- if and .hostNetwork $.Values.global.openshift }}
  injector.hostNetwork: not on OpenShift
{{- end }}
{{- if and .certs.caBundle (not .certs.secretName) }}
  injector.certs.caBundle: without injector.certs.secretName the CA is published by whoever makes the certificate
{{- end }}
{{- end }}
{{- end -}}

{{/* What the cluster is too old for, and what is left open, one line each. */}}
{{- define "claviger.warnings" -}}
{{- if and (eq (include "claviger.failurePolicy" .) "Ignore") (not (include "claviger.hasAdmissionPolicy" .)) }}
  Nothing holds back a pod that asks for injection while no webhook answers: it starts without its secrets. Set
  injector.webhook.failurePolicy to Fail, or injector.admissionPolicy.enabled to true on Kubernetes 1.30 or newer.
{{- end }}
{{- if semverCompare "<1.30.0-0" .Capabilities.KubeVersion.Version }}
  Kubernetes {{ .Capabilities.KubeVersion.Version }} has no ValidatingAdmissionPolicy: the failure policy is {{ include "claviger.failurePolicy" . }}.
{{- end }}
{{- if semverCompare "<1.29.0-0" .Capabilities.KubeVersion.Version }}
  Kubernetes {{ .Capabilities.KubeVersion.Version }} has no native sidecars: in a Job, give the pod agent-pre-populate-only: "true".
{{- end }}
{{- if contains "Selector:" (include "claviger.selectors" .) }}
  Pods that the selectors leave out start without their secrets, whatever their annotations say.
{{- end }}
{{- if eq (int .Values.injector.replicas) 1 }}
  With one replica no webhook answers while its node is drained: pods that ask for injection are then refused.
{{- end }}
{{- end -}}
