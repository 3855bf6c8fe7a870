{{/* Where the webhook's pods run, and as whom. */}}

{{/* The user's settings over ours: (list ours theirs $). */}}
{{- define "claviger.mergeOver" -}}
{{- $theirs := include "claviger.render" (list (index . 1) (index . 2)) | fromYaml -}}
{{- if hasKey $theirs "Error" }}{{ fail (printf "\n\nA text of YAML in the values cannot be read: %s\n" $theirs.Error) }}{{ end -}}
{{- mergeOverwrite (index . 0) $theirs | toYaml -}}
{{- end -}}

{{- define "claviger.podSecurityContext" -}}
{{- $injector := .Values.injector -}}
{{- $users := dict "runAsUser" (int64 $injector.uid) "runAsGroup" (int64 $injector.gid) "fsGroup" (int64 $injector.gid) -}}
{{- $always := dict "runAsNonRoot" true "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- $ours := ternary $always (merge (deepCopy $always) $users) .Values.global.openshift -}}
{{- include "claviger.mergeOver" (list $ours $injector.securityContext.pod .) -}}
{{- end -}}

{{- define "claviger.containerSecurityContext" -}}
{{- $ours := dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "capabilities" (dict "drop" (list "ALL")) -}}
{{- include "claviger.mergeOver" (list $ours .Values.injector.securityContext.container .) -}}
{{- end -}}

{{- define "claviger.nodeSelector" -}}
{{- include "claviger.mergeOver" (list (dict "kubernetes.io/os" "linux") .Values.injector.nodeSelector .) -}}
{{- end -}}

{{/* There are images for two architectures. */}}
{{- define "claviger.affinity" -}}
{{- $architectures := dict "key" "kubernetes.io/arch" "operator" "In" "values" (list "amd64" "arm64") -}}
{{- $term := dict "matchExpressions" (list $architectures) -}}
{{- $ours := dict "nodeAffinity" (dict "requiredDuringSchedulingIgnoredDuringExecution" (dict "nodeSelectorTerms" (list $term))) -}}
{{- include "claviger.mergeOver" (list $ours .Values.injector.affinity .) -}}
{{- end -}}

{{- define "claviger.strategy" -}}
{{- with .Values.injector.strategy }}
{{- include "claviger.render" (list . $) | trim }}
{{- else -}}
type: RollingUpdate
rollingUpdate:
  maxUnavailable: 0
  maxSurge: 1
{{- end }}
{{- end -}}

{{- define "claviger.topologySpread" -}}
{{- $given := .Values.injector.topologySpread -}}
{{- with .Values.injector.topologySpreadConstraints }}
{{- $given = include "claviger.render" (list . $) | fromYamlArray }}
{{- end }}
{{- range $given }}
- {{ omit . "labelSelector" | toYaml | nindent 2 | trim }}
  labelSelector:
    matchLabels:
      {{- include "claviger.selectorLabels" $ | nindent 6 }}
{{- end }}
{{- end -}}

{{/* Names of Secrets, texts or objects. */}}
{{- define "claviger.imagePullSecrets" -}}
{{- range concat (default list .Values.global.imagePullSecrets) (default list .Values.imagePullSecrets) }}
- {{ kindIs "string" . | ternary (dict "name" .) . | toYaml | nindent 2 | trim }}
{{- end }}
{{- end -}}

{{/* The volume with the CA of the store, where one is named. */}}
{{- define "claviger.vaultCaVolume" -}}
{{- $ca := .Values.injector.vaultCa -}}
{{- $given := list $ca.secretName $ca.configMapName .Values.injector.vaultCaCert | compact -}}
{{- if gt (len $given) 1 -}}
{{- fail "\n\nThe CA of the store is given more than once: keep one of injector.vaultCaCert, injector.vaultCa.secretName and injector.vaultCa.configMapName.\n" -}}
{{- end -}}
{{- if $ca.secretName -}}
secret:
  secretName: {{ $ca.secretName }}
{{- else if $ca.configMapName -}}
configMap:
  name: {{ $ca.configMapName }}
{{- end -}}
{{- end -}}

{{- define "claviger.volumes" -}}
{{- if ne (include "claviger.certs.source" .) "own" }}
- name: certs
  secret:
    secretName: {{ include "claviger.certs.secret" . }}
{{- end }}
{{- with include "claviger.vaultCaVolume" . }}
- name: vault-ca
  {{- . | nindent 2 }}
{{- end }}
{{- if .Values.injector.policy }}
- name: policy
  configMap:
    name: {{ include "claviger.webhook" . }}-policy
{{- end }}
{{- end -}}

{{/* Whole directories: a file mounted by subPath would never change. */}}
{{- define "claviger.volumeMounts" -}}
{{- range include "claviger.volumes" . | fromYamlArray }}
- name: {{ .name }}
  mountPath: /etc/webhook/{{ .name }}
  readOnly: true
{{- end }}
{{- end -}}
