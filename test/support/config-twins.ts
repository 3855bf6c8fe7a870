/** Blocks of the agent's configuration in HCL, and the same in JSON. */

export const hclMethod = 'method "kubernetes" { mount_path = "auth/k" config = { role = "app" } }'
export const hclSink = 'sink "file" { config = { path = "/sink" } }'
export const hclTemplate = 'template { destination = "/a" contents = "x" }'
export const hclListener = 'listener "tcp" { address = "127.0.0.1:1" tls_disable = true }'
export const hclVariable = 'env_template "A" { contents = "x" }'
export const hclExec = 'exec { command = ["a"] }'
export const hclAuth = `auto_auth { ${hclMethod} ${hclSink} }`

export const method = { type: 'kubernetes', mount_path: 'auth/k', config: { role: 'app' } }
export const sink = [{ type: 'file', config: { path: '/sink' } }]
export const template = [{ destination: '/a', contents: 'x' }]
export const listener = [{ type: 'tcp', address: '127.0.0.1:1', tls_disable: true }]
export const variables = [{ A: { contents: 'x' } }]
export const exec = { command: ['a'] }
export const auto_auth = { method, sink }
