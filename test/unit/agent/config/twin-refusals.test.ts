/** The loader's table of what it refuses, in HCL and as its JSON twin. */
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
  variables,
} from '../../../support/config-twins.ts'

const { load, remove } = configFolder()
afterAll(remove)

const hclWrapped =
  'method "kubernetes" { mount_path = "auth/k" wrap_ttl = "5m" config = { role = "app" } }'
const wrapped = { ...method, wrap_ttl: '5m' }
const useToken = { use_auto_auth_token: true }
const supervised = { auto_auth: { method }, env_template: variables, exec }
const hclSupervised = `auto_auth { ${hclMethod} } ${hclVariable} ${hclExec}`

test.each([
  [
    'a token from both blocks',
    `${hclAuth} ${hclListener} cache { use_auto_auth_token = false } api_proxy { use_auto_auth_token = true }`,
    { auto_auth, listener, cache: { use_auto_auth_token: false }, api_proxy: useToken },
    ['cache.use_auto_auth_token'],
  ],
  ['a login for nothing', `auto_auth { ${hclMethod} }`, { auto_auth: { method } }, ['template']],
  [
    'a login for a listener that does not use it',
    `auto_auth { ${hclMethod} } ${hclListener}`,
    { auto_auth: { method }, listener },
    ['template'],
  ],
  [
    'a wrapped login for two sinks',
    `auto_auth { ${hclWrapped} ${hclSink} ${hclSink} }`,
    { auto_auth: { method: wrapped, sink: [...sink, ...sink] } },
    ['auto_auth.method.wrap_ttl'],
  ],
  [
    'a wrapped login for no sink',
    `auto_auth { ${hclWrapped} } ${hclTemplate}`,
    { auto_auth: { method: wrapped }, template },
    ['auto_auth.method.wrap_ttl'],
  ],
  [
    'wrapped twice',
    `auto_auth { ${hclWrapped} sink "file" { wrap_ttl = "5m" config = { path = "/sink" } } }`,
    { auto_auth: { method: wrapped, sink: [{ ...sink[0], wrap_ttl: '5m' }] } },
    ['auto_auth.method.wrap_ttl'],
  ],
  [
    'a wrapped login for the proxy',
    `auto_auth { ${hclWrapped} ${hclSink} } ${hclListener} cache { use_auto_auth_token = true }`,
    { auto_auth: { method: wrapped, sink }, listener, cache: useToken },
    ['auto_auth.method.wrap_ttl'],
  ],
  [
    'a forced token without a login',
    `${hclListener} cache { use_auto_auth_token = "force" }`,
    { listener, cache: { use_auto_auth_token: 'force' } },
    ['cache.use_auto_auth_token'],
  ],
  [
    'a token without a login',
    `${hclListener} api_proxy { use_auto_auth_token = true }`,
    { listener, api_proxy: useToken },
    ['api_proxy.use_auto_auth_token'],
  ],
  ['a cache for nobody', `${hclAuth} cache {}`, { auto_auth, cache: {} }, ['listener']],
  ['a proxy for nobody', `${hclAuth} api_proxy {}`, { auto_auth, api_proxy: {} }, ['listener']],
  [
    'a token of the cache for nobody, templates or not',
    `${hclAuth} ${hclTemplate} cache { use_auto_auth_token = true }`,
    { auto_auth, template, cache: useToken },
    ['listener'],
  ],
  [
    'an unknown subsystem',
    `${hclAuth} disable_idle_connections = ["foo"] disable_keep_alives = ["bar"]`,
    { auto_auth, disable_idle_connections: ['foo'], disable_keep_alives: ['bar'] },
    ['disable_idle_connections', 'disable_keep_alives'],
  ],
  [
    'keys that a variable does not have',
    `auto_auth { ${hclMethod} } env_template "A" { contents = "x" destination = "/a" create_dest_dirs = true } ${hclExec}`,
    {
      ...supervised,
      env_template: [{ A: { contents: 'x', destination: '/a', create_dest_dirs: true } }],
    },
    ['env_template[0].A.destination', 'env_template[0].A.create_dest_dirs'],
  ],
  [
    'an unknown signal',
    `auto_auth { ${hclMethod} } ${hclVariable} exec { command = ["a"] restart_stop_signal = "SIGNOPE" }`,
    { ...supervised, exec: { ...exec, restart_stop_signal: 'SIGNOPE' } },
    ['exec.restart_stop_signal'],
  ],
  [
    'variables without a process',
    `auto_auth { ${hclMethod} } ${hclVariable}`,
    { auto_auth: { method }, env_template: variables },
    ['exec'],
  ],
  ['a process without variables', `${hclAuth} ${hclExec}`, { auto_auth, exec }, ['env_template']],
  [
    'a variable without a name',
    `auto_auth { ${hclMethod} } env_template { contents = "x" } ${hclExec}`,
    { ...supervised, env_template: [{ contents: 'x' }] },
    ['env_template[0]'],
  ],
  [
    'a variable twice',
    `${hclSupervised} ${hclVariable}`,
    { ...supervised, env_template: [...variables, ...variables] },
    ['env_template[1].A'],
  ],
  [
    'variables and files',
    `${hclSupervised} ${hclTemplate}`,
    { ...supervised, template },
    ['template'],
  ],
  [
    'variables and a proxy',
    `${hclSupervised} ${hclListener} api_proxy {}`,
    { ...supervised, listener, api_proxy: {} },
    ['api_proxy'],
  ],
  [
    'variables and the token of the cache',
    `${hclSupervised} ${hclListener} cache { use_auto_auth_token = true }`,
    { ...supervised, listener, cache: useToken },
    ['api_proxy'],
  ],
  ['two logins', `${hclAuth} ${hclAuth}`, { auto_auth: [auto_auth, auto_auth] }, ['auto_auth']],
  [
    'two methods',
    `auto_auth { ${hclMethod} ${hclMethod} ${hclSink} }`,
    { auto_auth: { method: [method, method], sink } },
    ['auto_auth.method'],
  ],
  ['two stores', `${hclAuth} vault {} vault {}`, { auto_auth, vault: [{}, {}] }, ['vault']],
  ['nothing', '', {}, ['auto_auth']],
])('%s', async (_, hcl, json, expected) => {
  const fromHcl = await load({ 'a.hcl': hcl })
  const fromJson = await load({ 'a.json': JSON.stringify(json) })
  const paths = fromHcl.kind === 'issues' ? fromHcl.issues.map(({ path }) => path) : []
  expect(paths).toEqual(expected)
  expect(fromHcl).toEqual(fromJson)
})
