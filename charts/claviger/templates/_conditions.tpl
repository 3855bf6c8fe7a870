{{/* Made from webhook/inject/conditions.ts; UPDATE_GOLDEN=1 writes it. */}}

{{- define "claviger.conditions.asks.claviger" -}}
has(object.metadata.annotations) && ['vault.hashicorp.com/agent-inject', 'openbao.org/agent-inject', 'claviger.dev/agent-inject'].exists(key, key in object.metadata.annotations && (!(object.metadata.annotations[key] in ['0', 'f', 'F', 'FALSE', 'false', 'False', '']) || ['vault.hashicorp.com/agent-inject', 'openbao.org/agent-inject', 'claviger.dev/agent-inject'].exists(other, other in object.metadata.annotations && object.metadata.annotations[other] != object.metadata.annotations[key])))
{{- end -}}

{{- define "claviger.conditions.asks.vault-k8s" -}}
has(object.metadata.annotations) && ['vault.hashicorp.com/agent-inject'].exists(key, key in object.metadata.annotations && !(object.metadata.annotations[key] in ['0', 'f', 'F', 'FALSE', 'false', 'False', '']))
{{- end -}}

{{- define "claviger.conditions.injected.claviger" -}}
has(object.metadata.annotations) && ['vault.hashicorp.com/agent-inject-status', 'openbao.org/agent-inject-status', 'claviger.dev/agent-inject-status'].exists(key, key in object.metadata.annotations && object.metadata.annotations[key] == 'injected') && ((has(object.spec.initContainers) && object.spec.initContainers.exists(container, container.name in ['vault-agent-init', 'vault-agent'])) || (has(object.spec.containers) && object.spec.containers.exists(container, container.name in ['vault-agent-init', 'vault-agent'])))
{{- end -}}

{{- define "claviger.conditions.injected.vault-k8s" -}}
has(object.metadata.annotations) && ['vault.hashicorp.com/agent-inject-status'].exists(key, key in object.metadata.annotations && object.metadata.annotations[key] == 'injected') && ((has(object.spec.initContainers) && object.spec.initContainers.exists(container, container.name in ['vault-agent-init', 'vault-agent'])) || (has(object.spec.containers) && object.spec.containers.exists(container, container.name in ['vault-agent-init', 'vault-agent'])))
{{- end -}}

{{- define "claviger.conditions.namespaces.claviger" -}}
!(request.namespace in ['kube-system', 'kube-public', '{{ include "claviger.namespace" . }}'])
{{- end -}}

{{- define "claviger.conditions.namespaces.vault-k8s" -}}
!(request.namespace in ['kube-system', 'kube-public'])
{{- end -}}

{{- define "claviger.conditions.profile" -}}
has(namespaceObject.metadata.annotations) && 'claviger.dev/default-profile' in namespaceObject.metadata.annotations ? namespaceObject.metadata.annotations['claviger.dev/default-profile'] : has(namespaceObject.metadata.labels) && 'claviger.dev/profile' in namespaceObject.metadata.labels ? namespaceObject.metadata.labels['claviger.dev/profile'] : '{{ .Values.injector.profile }}'
{{- end -}}
