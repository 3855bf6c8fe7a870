/** The clouds' services on the node's address, over TLS, for pods of this cluster: they take the tokens that its API server signs. */
import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { importSPKI, jwtVerify } from 'jose'
import { createCa, createLeaf } from '../../../webhook/tls/x509.ts'
import { type AwsFake, startAwsFake } from '../../support/stores/aws-fake.ts'
import { type AzureFake, startAzureFake } from '../../support/stores/azure-fake.ts'
import type { ClusterIssuer } from '../../support/stores/cluster-issuer.ts'
import { type EntraFake, startEntraFake } from '../../support/stores/entra-fake.ts'
import type { TlsIdentity } from '../../support/stores/fake-service.ts'
import { type GcpFake, startGcpFake } from '../../support/stores/gcp-fake.ts'
import {
  type GoogleIdentityFake,
  startGoogleIdentityFake,
} from '../../support/stores/google-identity-fake.ts'
import { serviceAccountIssuer } from '../cluster/api-server.ts'
import { serviceAccountKey } from '../cluster/certificates.ts'
import { network } from '../settings.ts'

export interface CloudStores {
  readonly aws: AwsFake
  readonly google: GoogleIdentityFake
  readonly gcp: GcpFake
  readonly entra: EntraFake
  readonly azure: AzureFake
  /** PEM of the authority that all of them are verified by. */
  readonly ca: string
  /** A further certificate of that authority, for the same address. */
  readonly tls: TlsIdentity
  readonly stop: () => Promise<void>
}

export async function startCloudStores(): Promise<CloudStores> {
  const { ca, tls } = makeCertificates()
  const key = createPublicKey(readFileSync(serviceAccountKey()))
  const publicKey = await importSPKI(
    key.export({ type: 'spki', format: 'pem' }).toString(),
    'RS256',
  )
  const cluster: Pick<ClusterIssuer, 'verify'> = {
    verify: async (token, audience) => {
      const expected = { issuer: serviceAccountIssuer, audience: [...[audience].flat()] }
      const { payload } = await jwtVerify(token, publicKey, expected)
      return payload.sub ?? ''
    },
  }
  const aws = await startAwsFake({ cluster: { publicKey, issuer: serviceAccountIssuer }, tls })
  const google = await startGoogleIdentityFake(cluster, tls)
  const gcp = await startGcpFake(google, tls)
  const entra = await startEntraFake(cluster, tls)
  const azure = await startAzureFake(entra, tls)
  return {
    ...{ aws, google, gcp, entra, azure, ca, tls },
    stop: async () => {
      await Promise.all([aws, google, gcp, entra, azure].map((service) => service.close()))
    },
  }
}

function makeCertificates(): { readonly ca: string; readonly tls: TlsIdentity } {
  const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 86_400_000 }
  const ca = createCa('Stores of the suite', validity)
  const leaf = createLeaf(ca, [network.node], validity)
  return { ca: ca.cert, tls: { ...leaf, host: network.node } }
}
