/** The table of codes that findings carry: what each means and how it is mended. docs/cli.md lists it. */

interface Rule {
  readonly summary: string
  readonly help: string
}

/** Code → rule. The webhook's own issue codes, and those of what only `claviger validate` looks at. */
export const rules = {
  manifest: {
    summary: 'The document cannot be read',
    help: 'It must be YAML or JSON with --- between documents. The position is where reading stopped.',
  },
  pod: {
    summary: 'This is no pod',
    help: 'Containers, mounts and annotations must have the shapes that Kubernetes gives them; values of annotations are texts, so put numbers and booleans in quotes.',
  },
  system_namespace: {
    summary: 'Pods of this namespace are never injected',
    help: 'Put the workload into a namespace of its own, or remove the annotations.',
  },
  annotation_value: {
    summary: 'The annotation has a wrong value',
    help: 'Write what is expected; `claviger annotations KEY` describes the annotation.',
  },
  annotation_missing: {
    summary: 'A required annotation is missing',
    help: 'Add the annotation that is named, or have the operator set its default.',
  },
  annotation_conflict: {
    summary: 'Two annotations contradict each other',
    help: 'Keep one of the two. The same annotation under two prefixes must have the same value.',
  },
  secret_name: {
    summary: 'The name of a secret is no file name',
    help: 'What follows agent-inject-secret- becomes a file; agent-inject-file-<name> gives it another name.',
  },
  destination_conflict: {
    summary: 'Two secrets would be written to one file',
    help: 'Give one of them another agent-inject-file-<name> or secret-volume-path-<name>.',
  },
  directory_conflict: {
    summary: 'A directory of secrets collides with another directory',
    help: 'Choose a directory that neither contains nor lies in another one.',
  },
  pod_conflict: {
    summary: 'The pod already has what would be added',
    help: 'Rename the container, volume or mount of the pod, or let the annotation follow the pod.',
  },
  resource_conflict: {
    summary: 'A request is larger than its limit',
    help: 'Raise the limit or lower the request; an empty value removes the default.',
  },
  same_user: {
    summary: 'There is no user to run as',
    help: 'agent-run-as-same-user needs runAsUser in the security context of the first container or of the pod.',
  },
  token_volume: {
    summary: 'The volume projects no ServiceAccount token',
    help: 'Name a projected volume of the pod that has a serviceAccountToken, or remove the annotation for a token of the agent’s own.',
  },
  template: {
    summary: 'The template does not parse',
    help: 'The message has line and column within the template; where the manifest holds it as a block of text, the finding’s own are those of the manifest.',
  },
  reference: {
    summary: 'The reference names no secret',
    help: 'Write [store:]path[#property][@version]; docs/references.md has the grammar.',
  },
  store_name: {
    summary: 'No store can have this name',
    help: 'Store names are lower-case letters, digits and hyphens, begin with a letter and have at most 40 characters.',
  },
  store_type: {
    summary: 'There is no such type of store',
    help: 'The value of store-<name> begins with a type, and may leave it out where the name is one.',
  },
  store_setting: {
    summary: 'A setting of a store is wrong or missing',
    help: 'docs/stores-in-pods.md lists the settings of each type.',
  },
  container_unknown: {
    summary: 'The pod has no such container',
    help: 'Name an init container of the pod; what other webhooks add must be added before.',
  },
  telemetry: {
    summary: 'A telemetry annotation has a wrong value',
    help: 'agent-telemetry-<name> becomes a field of the agent’s telemetry stanza; write what is expected of it.',
  },
  json_patch: {
    summary: 'The JSON Patch for the agent’s container cannot be applied',
    help: 'agent-json-patch and agent-init-json-patch are RFC 6902 patches of the container as the webhook builds it.',
  },
  config_size: {
    summary: 'The agent’s configuration is too large for an environment variable',
    help: 'Take long templates from files: agent-inject-template-file-<name> with agent-extra-secret.',
  },
  status_claimed: {
    summary: 'The pod says that it is injected, and has no agent',
    help: 'Remove agent-inject-status; the webhook writes it.',
  },
  namespace_missing: {
    summary: 'The namespace of the pod is not known',
    help: 'Give the object a namespace, or -namespace.',
  },
  operator_default: {
    summary: 'A default that the operator has set is unusable',
    help: 'Give the flag that is named a value, here and in the webhook.',
  },
  namespace_profile: {
    summary: 'The namespace asks for a profile that does not exist',
    help: 'Correct claviger.dev/default-profile or the label claviger.dev/profile of the namespace.',
  },
  address_refused: {
    summary: 'No store has this address',
    help: 'Agents are not sent to link-local, metadata, loopback and disguised addresses; docs/policy.md lists them.',
  },
  policy_denied: {
    summary: 'The operator does not allow this',
    help: 'The message names the rule and what it allows; docs/policy.md describes policies.',
  },
  admission_warning: {
    summary: 'The webhook would warn of this',
    help: 'The pod is admitted; what the message names has no effect or an unwanted one.',
  },
  annotation_misplaced: {
    summary: 'The annotation stands on the workload instead of its pod template',
    help: 'Move it to metadata.annotations of the template: the webhook sees pods only.',
  },
  injection_not_requested: {
    summary: 'The pod has annotations but does not ask for injection',
    help: 'Add agent-inject: "true", or remove the annotations.',
  },
} as const satisfies Record<string, Rule>

export function findRule(code: string): Rule | undefined {
  return Object.entries(rules).find(([name]) => name === code)?.[1]
}
