/** A fake AWS, made anew for each test of a file, and stores on it. */
import { afterEach, beforeEach, expect } from '@jest/globals'
import { AppError } from '../../../core/errors.ts'
import type { ReadOutcome, Store, StoreRead } from '../../../core/stores/store.ts'
import type { AwsFake } from './aws-fake.ts'
import { type AwsType, type FakeScene, type SceneStore, startFakeScene } from './aws-peers.ts'

export interface AwsScene {
  readonly fake: () => AwsFake
  readonly tokenPath: () => string
  readonly open: (type: AwsType, changes?: Changes, ports?: SceneStore['ports']) => Promise<Store>
  /** Forgets what was asked for so far. */
  readonly clear: () => void
  /** Operations in the order in which they were asked for, as `NAME` or, outside of the first region, `NAME in REGION`. */
  readonly operations: () => readonly string[]
  /** What an operation was last asked with. */
  readonly input: (operation: string) => unknown
}

/** Settings; an empty text takes one away. */
export type Changes = Readonly<Record<string, string>>

/** To be called once, outside of the tests. */
export function useAwsScene(): AwsScene {
  let scene: FakeScene | undefined
  const running = () => {
    if (scene === undefined) throw new Error('not started')
    return scene
  }
  beforeEach(async () => {
    scene = await startFakeScene()
  })
  afterEach(() => running().close())
  return {
    fake: () => running().fake,
    tokenPath: () => running().tokenPath,
    clear: () => running().fake.clear(),
    open: (type, changes = {}, ports = {}) =>
      running().open(type, { changes: new Map(Object.entries(changes)), ports }),
    operations: () =>
      running().fake.calls.map(({ operation, region }) =>
        region === '' || region === 'eu-west-1' ? operation : `${operation} in ${region}`,
      ),
    input: (operation) => {
      const call = running().fake.calls.findLast((each) => each.operation === operation)
      return JSON.parse(call?.body ?? 'null')
    },
  }
}

export function reads(...paths: readonly string[]): readonly StoreRead[] {
  return paths.map((path) => readOf(path))
}

export function readOf(path: string, version?: string, known?: string): StoreRead {
  return { path, version, known }
}

/** The text of what was read, the code of what failed, else the kind. */
export function textOf(outcome: ReadOutcome | undefined): string {
  if (outcome?.kind === 'failed') return outcome.error.code
  const content = outcome?.kind === 'read' ? outcome.answer.content : undefined
  if (content?.kind !== 'whole') return outcome?.kind ?? 'no outcome'
  return Buffer.from(content.bytes, 'latin1').toString('utf8')
}

export async function textsOf(
  store: Store,
  ...wanted: readonly StoreRead[]
): Promise<readonly string[]> {
  return (await store.read(wanted)).map(textOf)
}

export async function write(store: Store, path: string, text: string): Promise<string> {
  const content = { kind: 'whole', bytes: Buffer.from(text) } as const
  return (await store.write?.({ path, content })) ?? ''
}

/** The facts of what `call` rejects with. */
export async function factsOf(
  call: Promise<unknown> | undefined,
): Promise<AppError['facts'] & { readonly code: string }> {
  const thrown: unknown = await Promise.resolve(call).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(AppError)
  return thrown instanceof AppError ? { ...thrown.facts, code: thrown.code } : { code: 'none' }
}

/** The facts of the only outcome. */
export async function failureOf(
  store: Store,
  wanted: StoreRead,
): Promise<AppError['facts'] & { readonly code: string }> {
  const [outcome] = await store.read([wanted])
  return outcome?.kind === 'failed'
    ? { ...outcome.error.facts, code: outcome.error.code }
    : { code: outcome?.kind ?? 'none' }
}
