/** The bridge that holds the node's addresses and connects the pods. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand, tryCommand } from '../commands.ts'
import { network, paths } from '../settings.ts'

export async function createNetwork(): Promise<void> {
  const ip = (...args: string[]) => runCommand({ program: 'ip', args })
  const prefix = network.podRange.split('/')[1]
  await ip('link', 'add', network.bridge, 'type', 'bridge')
  await ip('address', 'add', `${network.node}/${prefix}`, 'dev', network.bridge)
  await ip('address', 'add', `${network.apiServer}/32`, 'dev', network.bridge)
  await ip('link', 'set', network.bridge, 'up')
  writeCniConfiguration()
}

export async function removeNetwork(): Promise<void> {
  await tryCommand({ program: 'ip', args: ['link', 'delete', network.bridge] })
}

function writeCniConfiguration(): void {
  mkdirSync(paths.cni, { recursive: true })
  const configuration = {
    cniVersion: '1.0.0',
    name: network.name,
    plugins: [
      {
        type: 'bridge',
        bridge: network.bridge,
        isGateway: true,
        ipam: {
          type: 'host-local',
          dataDir: join(paths.state, 'addresses'),
          ranges: [
            [{ subnet: network.podRange, rangeStart: network.firstPod, gateway: network.node }],
          ],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  }
  writeFileSync(join(paths.cni, 'pods.conflist'), JSON.stringify(configuration, null, 2))
}
