/** Where listeners listen, in the waiter's words, and which of its sockets are theirs. */
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { toAppError } from '../../core/errors.ts'
import type { ListenerConfig } from '../config/listener-config.ts'
import { freeSocket } from '../listener/socket-file.ts'
import type { HeldSocket } from './waiter-call.ts'

export interface ListenerSocket {
  /** As a line `listen` has it; undefined for a name that leads nowhere. */
  readonly place: string | undefined
  /** Undefined where the waiter does not hold it. */
  readonly descriptor: number | undefined
}

export interface ListenerSockets {
  /** In the order of the configuration. */
  readonly own: readonly ListenerSocket[]
  /** That no listener wants. */
  readonly strays: readonly HeldSocket[]
}

/** A listener with port 0 takes what is held at its address and belongs to no other. */
export async function findSockets(
  listeners: readonly ListenerConfig[],
  held: readonly HeldSocket[],
): Promise<ListenerSockets> {
  const places = await Promise.all(listeners.map(placeOf))
  const left = new Map(held.map((socket) => [socket.place, socket]))
  const take = (place: string): ListenerSocket => {
    const descriptor = left.get(place)?.descriptor
    left.delete(place)
    return { place, descriptor }
  }
  const named = places.map((place) =>
    place === undefined || isOpen(place) ? undefined : take(place),
  )
  const own = places.map((place, index) => {
    const socket = named[index]
    if (place === undefined || socket !== undefined)
      return socket ?? { place, descriptor: undefined }
    const host = place.slice(0, -1)
    const found = [...left.keys()].find((other) => other.startsWith(host))
    return found === undefined ? { place, descriptor: undefined } : take(found)
  })
  return { own, strays: [...left.values()] }
}

/** The places to ask for, each port 0 as one that is free. */
export async function choosePorts(sockets: readonly ListenerSocket[]): Promise<readonly string[]> {
  const chosen: string[] = []
  for (const { place } of sockets) {
    if (place !== undefined) chosen.push(isOpen(place) ? await choosePort(place) : place)
  }
  return chosen
}

/** Makes way for the unix sockets that the waiter is to open: it replaces nothing. Errors: `listen_failed`. */
export function freePlaces(sockets: readonly ListenerSocket[]): void {
  for (const { place, descriptor } of sockets) {
    const [, path] = /^unix (.+)$/s.exec(place ?? '') ?? []
    if (path === undefined || descriptor !== undefined) continue
    try {
      freeSocket(path)
    } catch (thrown) {
      throw toAppError(thrown, 'listen_failed', { path })
    }
  }
}

function isOpen(place: string): boolean {
  return place.startsWith('tcp ') && place.endsWith(' 0')
}

async function placeOf({ address }: ListenerConfig): Promise<string | undefined> {
  if (address.kind === 'unix') return `unix ${address.path}`
  const host = await resolveHost(address.host).catch(() => undefined)
  return host === undefined ? undefined : `tcp ${host} ${address.port}`
}

/** An empty host is every address, of both families where there are two, as Node takes it. */
async function resolveHost(host: string): Promise<string> {
  if (host !== '') return isIP(host) === 0 ? (await lookup(host)).address : host
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return addresses.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0'
}

async function choosePort(place: string): Promise<string> {
  const [, host = ''] = place.split(' ')
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const bound = server.address()
  server.close()
  await once(server, 'close')
  return typeof bound === 'object' && bound !== null ? `tcp ${host} ${bound.port}` : place
}
