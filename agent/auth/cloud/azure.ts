/** The azure method: a token of Entra ID, and which machine it is for. */

import { objectMember, textMember } from '../../../core/cloud/answer.ts'
import { askAzureMetadata } from '../../../core/cloud/azure-metadata.ts'
import { fetchAzureToken } from '../../../core/cloud/azure-token.ts'
import type { JsonObject, JsonValue } from '../../../core/json.ts'
import type { AzureConfig } from '../../config/auth-config.ts'
import type { Proof, ProofPorts } from './proof.ts'

/** Errors: `credentials_unavailable`. Source: https://developer.hashicorp.com/vault/api-docs/auth/azure#login. */
export async function proveAzure(config: AzureConfig, ports: ProofPorts): Promise<Proof> {
  const { token: jwt, isMachine } = await fetchAzureToken(config, ports)
  const machine = await describeMachine(ports, !isMachine)
  const data = new Map<string, JsonValue>([
    ['role', config.role],
    ['jwt', jwt],
    ['vm_name', textMember(machine, 'name') ?? ''],
    ['vmss_name', textMember(machine, 'vmScaleSetName') ?? ''],
    ['resource_group_name', textMember(machine, 'resourceGroupName') ?? ''],
    ['subscription_id', textMember(machine, 'subscriptionId') ?? ''],
  ])
  return { data, credentials: new Map() }
}

/** Pods that do not need the metadata service for their token may have been cut off from it. */
async function describeMachine(ports: ProofPorts, isOptional: boolean): Promise<JsonObject> {
  try {
    return objectMember(await askAzureMetadata(ports, 'instance', {}), 'compute')
  } catch (thrown) {
    if (!isOptional) throw thrown
    return new Map()
  }
}
