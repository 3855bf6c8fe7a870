/** A store whose operations are recorded, and which is otherwise the store that it was. */
import type { Listing, ReadOutcome, Store, StoreRead } from '../stores/store.ts'
import type { Attributes, Conclusion, Operation, Tracer } from './recorder.ts'
import { attributesOf, type NameSecret, outcomeOf } from './secret-attributes.ts'
import type { OperationName } from './span-table.ts'

export interface TracedAs {
  readonly type: string
  readonly tracer: Tracer
  /** What a span calls a secret. */
  readonly nameSecret: NameSecret
}

/** Watches are no operations: they last. What the store lacks is lacking. */
export function traceStore(store: Store, { type, tracer, nameSecret }: TracedAs): Store {
  const { name } = store
  const place: Attributes = { 'claviger.store.name': name, 'claviger.store.type': type }
  const toName = ({ path, version }: Named) =>
    nameSecret({ store: name, path, ...(version === undefined ? {} : { version }) })
  const about = (operation: OperationName, path: string): Operation<unknown> => ({
    name: operation,
    attributes: { ...place, ...attributesOf([toName({ path })]) },
  })
  return {
    ...store,
    read: (reads, signal) => {
      const references = reads.map(toName)
      const operation = {
        name: 'read_secret',
        attributes: { ...place, ...attributesOf(references) },
        conclude: (outcomes: readonly ReadOutcome[]) => concludeReads(references, outcomes),
      } as const
      return tracer.run(operation, () => store.read(reads, signal))
    },
    ...traceOthers(store, { tracer, place, about }),
  }
}

type Named = Pick<StoreRead, 'path'> & Partial<Pick<StoreRead, 'version'>>

interface Recording {
  readonly tracer: Tracer
  readonly place: Attributes
  readonly about: (operation: OperationName, path: string) => Operation<unknown>
}

function traceOthers(store: Store, { tracer, place, about }: Recording): Partial<Store> {
  const { list, write, delete: remove, restore, rotate, history } = store
  /** Of one secret. */
  const run = <T>(name: OperationName, path: string, work: () => Promise<T>): Promise<T> =>
    tracer.run(about(name, path), work)
  const listing: Operation<Listing> = {
    name: 'list_secrets',
    attributes: place,
    conclude: ({ entries }) => ({ attributes: outcomeOf(entries.length, 0) }),
  }
  return {
    ...(list && { list: (...given) => tracer.run(listing, () => list(...given)) }),
    ...(write && {
      write: (...given) => run('write_secret', given[0].path, () => write(...given)),
    }),
    ...(remove && {
      delete: (...given) => run('delete_secret', given[0], () => remove(...given)),
    }),
    ...(restore && {
      restore: (...given) => run('restore_secret', given[0], () => restore(...given)),
    }),
    ...(rotate && {
      rotate: (...given) => run('rotate_secret', given[0], () => rotate(...given)),
    }),
    ...(history && {
      history: (...given) => run('secret_history', given[0], () => history(...given)),
    }),
  }
}

function concludeReads(
  references: readonly string[],
  outcomes: readonly ReadOutcome[],
): Conclusion {
  const failures = outcomes.flatMap((outcome, index) =>
    outcome.kind === 'failed'
      ? [{ reference: references[index] ?? '', code: outcome.error.code }]
      : [],
  )
  const unchanged = outcomes.filter(({ kind }) => kind === 'unchanged').length
  const known = unchanged === 0 ? {} : { 'claviger.secret.unchanged': unchanged }
  return {
    attributes: { ...outcomeOf(outcomes.length, failures.length), ...known },
    error: failures[0]?.code,
    failures,
  }
}
