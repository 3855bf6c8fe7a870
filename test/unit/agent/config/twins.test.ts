/** The loader's table of what it takes: a configuration in HCL and its JSON twin give the same values. */
import { afterAll, expect, test } from '@jest/globals'
import { configFolder } from '../../../support/config-folder.ts'
import {
  auto_auth,
  exec,
  hclAuth,
  hclExec,
  hclListener,
  hclMethod,
  hclSink,
  hclTemplate,
  hclVariable,
  listener,
  method,
  sink,
  template,
} from '../../../support/config-twins.ts'

const { load, remove } = configFolder()
afterAll(remove)

test.each([
  ['a sink alone', hclAuth, { auto_auth }],
  [
    'a template alone',
    `auto_auth { ${hclMethod} } ${hclTemplate}`,
    { auto_auth: { method }, template },
  ],
  [
    'everything at the top',
    `${hclAuth} pid_file = "/p" exit_after_auth = true log_level = "debug" log_format = "json" log_file = "/l/"
     log_rotate_bytes = 5 log_rotate_duration = "1h" log_rotate_max_files = -1
     disable_idle_connections = ["caching", "proxying"] disable_keep_alives = ["auto-auth", "templating"]`,
    {
      auto_auth,
      pid_file: '/p',
      exit_after_auth: true,
      log_level: 'debug',
      log_format: 'json',
      log_file: '/l/',
      log_rotate_bytes: 5,
      log_rotate_duration: '1h',
      log_rotate_max_files: -1,
      disable_idle_connections: ['caching', 'proxying'],
      disable_keep_alives: ['auto-auth', 'templating'],
    },
  ],
  [
    'the store',
    `${hclAuth} vault { address = "http://v:1" ca_cert = "/ca" ca_path = "/cas" client_cert = "/c" client_key = "/k"
     tls_skip_verify = "true" tls_server_name = "v" namespace = "n" retry { num_retries = 5 } }`,
    {
      auto_auth,
      vault: {
        address: 'http://v:1',
        ca_cert: '/ca',
        ca_path: '/cas',
        client_cert: '/c',
        client_key: '/k',
        tls_skip_verify: true,
        tls_server_name: 'v',
        namespace: 'n',
        retry: { num_retries: 5 },
      },
    },
  ],
  [
    'backoffs and exit_on_err',
    `auto_auth { method "kubernetes" { mount_path = "auth/k" min_backoff = "5s" max_backoff = 120 exit_on_err = true
     config = { role = "app" } } ${hclSink} }`,
    {
      auto_auth: {
        method: { ...method, min_backoff: 5, max_backoff: '2m', exit_on_err: true },
        sink,
      },
    },
  ],
  [
    'a wrapped login',
    `auto_auth { method "kubernetes" { mount_path = "auth/k" wrap_ttl = 300 config = { role = "app" } } ${hclSink} }`,
    { auto_auth: { method: { ...method, wrap_ttl: '5m' }, sink } },
  ],
  [
    'blocks that are assigned',
    `auto_auth = { method = { type = "kubernetes" mount_path = "auth/k" config = { role = "app" } }
     sink = { type = "file" config { path = "/sink" } } } template = { destination = "/a" contents = "x" }`,
    { auto_auth, template },
  ],
  [
    'keys in other cases',
    `AUTO_AUTH { Method "Kubernetes" { Mount_Path = "auth/k" config = { role = "app" } } ${hclSink} }
     Template { Destination = "/a" CONTENTS = "x" } template { destination = "/b" contents = "y" }`,
    { auto_auth, template: [...template, { destination: '/b', contents: 'y' }] },
  ],
  [
    'a template with all its keys',
    `${hclAuth} template { source = "/s" destination = "/a" create_dest_dirs = false command = "a b" command_timeout = "5s"
     error_on_missing_key = true error_fatal = false perms = 0640 user = "u" gid = 5 backup = true left_delimiter = "<<"
     right_delimiter = ">>" function_denylist = ["env"] sandbox_path = "/s" wait { min = "5s" max = "10s" } }`,
    {
      auto_auth,
      template: [
        {
          source: '/s',
          destination: '/a',
          create_dest_dirs: false,
          command: ['a b'],
          command_timeout: '5s',
          error_on_missing_key: true,
          error_fatal: false,
          perms: '0640',
          user: 'u',
          gid: 5,
          backup: true,
          left_delimiter: '<<',
          right_delimiter: '>>',
          function_denylist: ['env'],
          sandbox_path: '/s',
          wait: '5s:10s',
        },
      ],
    },
  ],
  [
    'a text over several lines',
    `${hclAuth}\ntemplate {\n  destination = "/a"\n  contents = <<-EOT\n    {{ x }}\n    \${y}\n  EOT\n}`,
    { auto_auth, template: [{ destination: '/a', contents: `  {{ x }}\n  \${y}\n` }] },
  ],
  [
    'a command of its own',
    `${hclAuth} template { destination = "/a" contents = "x" exec { command = ["a", "b"] timeout = "1m" } }`,
    { auto_auth, template: [{ ...template[0], exec: [{ command: ['a', 'b'], timeout: '1m' }] }] },
  ],
  [
    'template_config',
    `${hclAuth} template_config { exit_on_retry_failure = true static_secret_render_interval = 60
     max_connections_per_host = 5 lease_renewal_threshold = 0.5 }`,
    {
      auto_auth,
      template_config: {
        exit_on_retry_failure: true,
        static_secret_render_interval: '1m',
        max_connections_per_host: '5',
        lease_renewal_threshold: 0.5,
      },
    },
  ],
  ['an empty template_config', `${hclAuth} template_config {}`, { auto_auth, template_config: {} }],
  [
    'variables of a process',
    `auto_auth { ${hclMethod} } ${hclVariable} env_template "B" { source = "/b" error_on_missing_key = true }
     exec { command = ["a"] restart_on_secret_changes = "never" restart_stop_signal = "SIGUSR1" }`,
    {
      auto_auth: { method },
      env_template: [{ A: { contents: 'x' } }, { B: { source: '/b', error_on_missing_key: true } }],
      exec: { ...exec, restart_on_secret_changes: 'never', restart_stop_signal: 'SIGUSR1' },
    },
  ],
  [
    'variables in one object',
    `auto_auth { ${hclMethod} } ${hclVariable} env_template "B" { contents = "y" } ${hclExec}`,
    { auto_auth: { method }, env_template: { A: { contents: 'x' }, B: { contents: 'y' } }, exec },
  ],
  ['a listener without a login', hclListener, { listener }],
  [
    'listeners',
    `${hclAuth} ${hclListener} listener "unix" { address = "/s" tls_disable = true agent_api { enable_quit = true } }
     listener "tcp" { type = "unix" address = "/t" tls_disable = "true" role = "metrics_only" }`,
    {
      auto_auth,
      listener: [
        ...listener,
        { unix: { address: '/s', tls_disable: true, agent_api: { enable_quit: true } } },
        { type: 'unix', address: '/t', tls_disable: true, role: 'metrics_only' },
      ],
    },
  ],
  [
    'a cache beside templates',
    `${hclAuth} ${hclTemplate} cache {}`,
    { auto_auth, template, cache: {} },
  ],
  ['a cache without a login', `${hclListener} cache {}`, { listener, cache: {} }],
  [
    'a cache that stays',
    `${hclAuth} ${hclListener} cache { use_auto_auth_token = "force" persist "kubernetes" { path = "/p" keep_after_import = true
     exit_on_err = true service_account_token_file = "/t" } }`,
    {
      auto_auth,
      listener,
      cache: {
        use_auto_auth_token: 'force',
        persist: {
          type: 'kubernetes',
          path: '/p',
          keep_after_import: true,
          exit_on_err: true,
          service_account_token_file: '/t',
        },
      },
    },
  ],
  [
    'the proxy',
    `auto_auth { ${hclMethod} } ${hclListener} api_proxy { use_auto_auth_token = true prepend_configured_namespace = true }`,
    {
      auto_auth: { method },
      listener,
      api_proxy: { use_auto_auth_token: 'true', prepend_configured_namespace: true },
    },
  ],
  ['one listener', `${hclAuth} ${hclListener}`, { auto_auth, listener: { tcp: listener[0] } }],
  ['sinks in a wrapper', hclAuth, { auto_auth: { method, sinks: [{ sink: sink[0] }] } }],
  ['sinks in an object', hclAuth, { auto_auth: { method, sinks: { sink: sink[0] } } }],
  ['sinks as a list', hclAuth, { auto_auth: { method, sinks: sink } }],
  ['sinks in a block', `auto_auth { ${hclMethod} sinks { ${hclSink} } }`, { auto_auth }],
  ['one sink', hclAuth, { auto_auth: { method, sink: sink[0] } }],
  [
    'labels in JSON',
    hclAuth,
    { auto_auth: { method: [{ kubernetes: method }], sink: [{ file: sink[0] }] } },
  ],
  [
    'lists of one',
    hclAuth,
    { auto_auth: [{ method: [{ ...method, config: [{ role: 'app' }] }], sink }] },
  ],
  [
    'telemetry',
    `${hclAuth} telemetry { prometheus_retention_time = "30s" metrics_prefix = "p" disable_hostname = true }`,
    {
      auto_auth,
      telemetry: { prometheus_retention_time: 30, metrics_prefix: 'p', disable_hostname: true },
    },
  ],
  [
    'the own block',
    `${hclAuth} claviger { state_path = "/s" template_policy { preset = "stock" } }`,
    { auto_auth, claviger: { state_path: '/s', template_policy: { preset: 'stock' } } },
  ],
])('%s', async (_, hcl, json) => {
  const fromHcl = await load({ 'a.hcl': hcl })
  const fromJson = await load({ 'a.json': JSON.stringify(json) })
  expect(fromHcl).toMatchObject({ kind: 'ok' })
  expect(fromHcl).toEqual(fromJson)
})
