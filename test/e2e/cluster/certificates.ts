/** A certificate authority for one run, and the certificates of the cluster's parts. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../commands.ts'
import { apiServerUrl, network, nodeName, paths } from '../settings.ts'

export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

export interface Certificates {
  readonly authority: KeyPair
  readonly apiServer: KeyPair
  /** A member of `system:masters`. */
  readonly admin: KeyPair
  readonly kubelet: KeyPair
  /** Signs ServiceAccount tokens. */
  readonly serviceAccountKey: string
}

interface Request {
  readonly name: string
  readonly subject: string
  readonly extensions: readonly string[]
  readonly issuer?: KeyPair
}

export async function makeCertificates(): Promise<Certificates> {
  mkdirSync(paths.certificates, { recursive: true, mode: 0o700 })
  const authority = await issue({
    name: 'authority',
    subject: '/CN=claviger-e2e',
    extensions: [
      'basicConstraints=critical,CA:TRUE',
      'keyUsage=critical,keyCertSign,digitalSignature',
    ],
  })
  const issuer = authority
  return {
    authority,
    apiServer: await issue({
      issuer,
      name: 'api-server',
      subject: '/CN=kube-apiserver',
      extensions: [
        `subjectAltName=IP:${network.apiServer},DNS:kubernetes.default.svc`,
        'extendedKeyUsage=serverAuth',
      ],
    }),
    admin: await issue({
      issuer,
      name: 'admin',
      subject: '/O=system:masters/CN=admin',
      extensions: ['extendedKeyUsage=clientAuth'],
    }),
    kubelet: await issue({
      issuer,
      name: 'kubelet',
      subject: `/O=system:nodes/CN=system:node:${nodeName}`,
      extensions: ['extendedKeyUsage=clientAuth'],
    }),
    serviceAccountKey: makeServiceAccountKey(),
  }
}

/** Writes a kubeconfig for `identity` and returns its path. */
export function writeKubeconfig(name: string, identity: KeyPair, authority: KeyPair): string {
  const file = join(paths.certificates, `${name}.kubeconfig`)
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'e2e',
        cluster: { server: apiServerUrl, 'certificate-authority': authority.certificate },
      },
    ],
    users: [
      {
        name,
        user: { 'client-certificate': identity.certificate, 'client-key': identity.key },
      },
    ],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: name } }],
    'current-context': 'e2e',
  }
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 })
  return file
}

export function readCertificate(pair: KeyPair): string {
  return readFileSync(pair.certificate, 'utf8')
}

async function issue({ name, subject, extensions, issuer }: Request): Promise<KeyPair> {
  const pair = {
    certificate: join(paths.certificates, `${name}.crt`),
    key: join(paths.certificates, `${name}.key`),
  }
  const config = join(paths.certificates, 'openssl.cnf')
  // openssl's own configuration would add extensions of a CA to every certificate.
  writeFileSync(config, '[req]\ndistinguished_name = dn\n[dn]\n')
  const signing = issuer ? ['-CA', issuer.certificate, '-CAkey', issuer.key] : []
  await runCommand({
    program: 'openssl',
    args: [
      ...['req', '-x509', '-config', config, '-days', '2', '-nodes', '-subj', subject],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ...['-keyout', pair.key, '-out', pair.certificate],
      ...signing,
      ...extensions.flatMap((extension) => ['-addext', extension]),
    ],
  })
  return pair
}

/** The file of the key that signs ServiceAccount tokens. */
export function serviceAccountKey(): string {
  return join(paths.certificates, 'service-account.key')
}

function makeServiceAccountKey(): string {
  const file = serviceAccountKey()
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  return file
}
