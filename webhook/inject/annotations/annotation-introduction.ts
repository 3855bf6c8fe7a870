/** What the annotation reference says before its tables. */
import { prefixes } from './annotation.ts'

export const introduction = `# Annotations

Annotations on a pod say which secrets it gets and how. They belong on the pod, so in a Deployment under
\`spec.template.metadata.annotations\`. This is all that a pod needs:

\`\`\`yaml
apiVersion: v1
kind: Pod
metadata:
  name: app
  annotations:
    vault.hashicorp.com/agent-inject: 'true'
    vault.hashicorp.com/role: app
    vault.hashicorp.com/agent-inject-secret-database: secret/data/app/database
    vault.hashicorp.com/agent-inject-template-database: |
      {{- with secret "secret/data/app/database" -}}
      export DB_PASSWORD="{{ .Data.data.password }}"
      {{- end }}
spec:
  serviceAccountName: app
  containers:
    - name: app
      image: busybox:1.37
      command: [/bin/sh, -c, '. /vault/secrets/database && exec sleep 2147483647']
\`\`\`

The store’s role \`app\` must be bound to the ServiceAccount and its namespace. The name \`database\` is free: it ties the annotations of one secret
together and names its file, \`/vault/secrets/database\`. Without a template there would be \`agent-inject-format-database: env\`, or every key as
a line \`key: value\`.

## How they are read

- Three prefixes mean the same: ${prefixes.map((prefix) => `\`${prefix}\``).join(', ')}. One annotation under two prefixes is fine with equal values and
  denied with different ones.
- The pod’s own annotation wins, then [the namespace’s default](namespaces.md), then the operator’s flag, then the profile’s default. The column
  Default shows the profile \`claviger\`.
- A pod with a wrong value is denied with one message that lists every problem. A key that is close to one of these, or that the pod’s agent does
  not know, is admitted with a warning. \`claviger validate\` says the same [without a cluster](cli.md#validate).
- \`claviger annotations WORD\` searches this page on the [command line](cli.md#annotations).

| Mark | Meaning |
|---|---|
| none | vault-k8s has it too, with the same meaning |
| † | Claviger’s own; profile \`vault-k8s\` does not read it |
| ‡ | the same, and only Claviger’s agent acts on it, not a stock one |
| *gated* | says where the pod’s identity goes, what runs in the agent or what it sees; a [policy](policy.md) can restrict the whole class |
| *bounded* | free within bounds that are checked |
| *reserved* | written by the webhook |

Annotations without one of the last three are of class \`free\`. In profile \`vault-k8s\` values are read as vault-k8s reads them, and what it
takes although it makes no sense earns a warning. Everything is there since 0.1.0 unless a row says otherwise.
`
