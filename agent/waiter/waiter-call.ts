/** What the waiter tells the program that it starts. Source: docs/waiter.md. */

export const causes = ['start', 'due', 'hangup', 'change', 'connection', 'crash', 'end'] as const
export type Cause = (typeof causes)[number]

/** A listening socket that the waiter holds and that this process has inherited. */
export interface HeldSocket {
  readonly descriptor: number
  /** As the line `listen` of the last word had it: `tcp 127.0.0.1 8200`, `unix /run/agent.sock`. */
  readonly place: string
}

export interface WaiterCall {
  /** Takes the last word. */
  readonly descriptor: number
  readonly cause: Cause
  /** How long nothing ran before this process. */
  readonly sleptMs: number
  /** That ended the process before; else 0. */
  readonly signal: number
  readonly sockets: readonly HeldSocket[]
}

type Environment = Readonly<Record<string, string | undefined>>

/** Neither is shown to commands, templates and children. */
const variables = { call: 'CLAVIGER_WAITER', sockets: 'CLAVIGER_SOCKETS' } as const

/** Undefined without a waiter, and for words that are none of its: then nobody starts this process again. */
function readWaiterCall(environment: Environment): WaiterCall | undefined {
  const words = /^(\d+) ([a-z]+) (\d+) (\d+)$/.exec(environment[variables.call] ?? '')
  const cause = causes.find((name) => name === words?.[2])
  if (words === null || cause === undefined) return undefined
  const [, descriptor, , sleptMs, signal] = words
  return {
    descriptor: Number(descriptor),
    cause,
    sleptMs: Number(sleptMs),
    signal: Number(signal),
    sockets: readSockets(environment[variables.sockets] ?? ''),
  }
}

function readSockets(text: string): readonly HeldSocket[] {
  return text.split('\n').flatMap((line) => {
    const [, descriptor, place] = /^(\d+) ((?:tcp|unix) .+)$/.exec(line) ?? []
    return place === undefined ? [] : [{ descriptor: Number(descriptor), place }]
  })
}

/** Reads the call and takes its variables out of `environment`. */
export function takeWaiterCall(
  environment: Record<string, string | undefined>,
): WaiterCall | undefined {
  const call = readWaiterCall(environment)
  for (const name of Object.values(variables)) delete environment[name]
  return call
}
