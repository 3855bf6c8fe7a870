/** The configuration of the agent that a plan asks for. */
import type { AgentConfig, TemplateConfig } from '../../../agent/config/agent-config.ts'
import { restrictedPolicy } from '../../../core/template/policy.ts'
import type { DayPlan, FilePlan } from './day-plan.ts'
import { cloudName, cloudSettings } from './simulated-cloud.ts'
import { partTexts } from './simulated-templates.ts'
import { second } from './timetable.ts'

export const sinkMode = 0o640

export const wrapTtlMs = 60 * second

export function configOf(plan: DayPlan, files: readonly FilePlan[]): AgentConfig {
  const { exitOnRetryFailure, exitOnRefreshFailure, staticIntervalMs, readBackoff } = plan
  return {
    ...fixed,
    auth: {
      method: { kind: 'kubernetes', role: 'app', tokenPath: '/token' },
      mountPath: 'auth/kubernetes',
      wrapTtlMs: undefined,
      backoff: plan.loginBackoff,
      exitOnError: plan.exitOnError,
      reauthOnNewCredentials: false,
    },
    sinks: plan.sinks.map(({ path, isWrapped }) => ({
      path,
      mode: sinkMode,
      uid: undefined,
      gid: undefined,
      wrapTtlMs: isWrapped ? wrapTtlMs : undefined,
      encryption: undefined,
    })),
    templates: files.map(toTemplate),
    templating: {
      ...fixed.templating,
      exitOnRetryFailure,
      exitOnRefreshFailure,
      staticIntervalMs,
      backoff: readBackoff,
    },
    own: {
      ...fixed.own,
      statePath: plan.hasState ? '/state/state.json' : undefined,
      initDeadlineMs: plan.initDeadlineMs,
      revokeOnShutdown: plan.revokeOnShutdown,
      ...(plan.cloud === undefined ? {} : withCloud),
    },
  }
}

const withCloud = {
  stores: new Map([[cloudName, cloudSettings]]),
  hasReferences: true,
}

function toTemplate(file: FilePlan): TemplateConfig {
  const { destination, mode, parts, isOptional, command, wait, staleness } = file
  return {
    destination,
    body: { kind: 'contents', text: parts.map((part) => partTexts[part]).join(';') },
    engine: 'go',
    leftDelimiter: '{{',
    rightDelimiter: '}}',
    errorOnMissingKey: false,
    errorFatal: true,
    limits: { deniedFunctions: [], sandboxPath: undefined },
    file: { mode, createDirectories: true, user: undefined, group: undefined, backup: false },
    command: command === undefined ? undefined : { words: [command], timeoutMs: 30 * second },
    optional: isOptional,
    wait,
    staleness,
  }
}

/** What no plan changes. */
const fixed: AgentConfig = {
  vault: {
    address: 'http://127.0.0.1:8200',
    namespace: undefined,
    loginNamespace: undefined,
    caCertPath: undefined,
    caCertPem: undefined,
    caPath: undefined,
    clientCertPath: undefined,
    clientKeyPath: undefined,
    serverName: undefined,
    skipVerify: false,
    timeoutMs: 60 * second,
    proxy: {},
    followRedirects: true,
    rateLimit: undefined,
    httpRetries: 2,
  },
  auth: undefined,
  sinks: [],
  templates: [],
  variables: [],
  exec: undefined,
  listeners: [],
  cache: undefined,
  proxy: { useAutoAuthToken: 'no', prependConfiguredNamespace: false },
  exitAfterAuth: false,
  templating: {
    exitOnRetryFailure: false,
    exitOnRefreshFailure: false,
    staticIntervalMs: 300 * second,
    renewalThreshold: 0.9,
    maxConnections: 10,
    retries: 12,
    backoff: { minMs: 250, maxMs: 60 * second },
  },
  pidFile: undefined,
  log: {
    choice: { level: 'trace', format: 'json' },
    file: undefined,
    rotateBytes: 0,
    rotateMs: 24 * 3600 * second,
    rotateMaxFiles: 0,
  },
  connections: { withoutIdle: new Set(), withoutKeepAlive: new Set() },
  telemetry: {
    prometheusRetentionMs: undefined,
    prefix: 'vault',
    disableHostname: false,
    enableHostnameLabel: false,
  },
  own: {
    statePath: undefined,
    templateRules: { policy: restrictedPolicy, variables: [] },
    initDeadlineMs: undefined,
    revokeOnShutdown: false,
    revokeGraceMs: 0,
    generations: [],
    hibernate: true,
    watchFiles: true,
    traces: undefined,
    stores: new Map(),
    defaultStore: undefined,
    hasReferences: false,
  },
}
