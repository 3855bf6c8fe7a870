/** A store whose operations are recorded, and which is otherwise the store that it was. */
import type { ReadOutcome, Store, StoreRead } from '../stores/store.ts'
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
  const toName = ({ path, version }: Pick<StoreRead, 'path'> & Partial<StoreRead>) =>
    nameSecret({ store: name, path, ...(version === undefined ? {} : { version }) })
  const about = (operation: OperationName, path: string): Operation<unknown> => ({
    name: operation,
    attributes: { ...place, ...attributesOf([toName({ path })]) },
  })
  const { list, write, delete: remove, restore, rotate, history } = store
  return {
    ...store,
    read: (reads, signal) =>
      tracer.run(
        {
          name: 'read_secret',
          attributes: { ...place, ...attributesOf(reads.map(toName)) },
          conclude: (outcomes) => concludeReads(reads.map(toName), outcomes),
        },
        () => store.read(reads, signal),
      ),
    ...(list && {
      list: (query, signal) =>
        tracer.run(
          {
            name: 'list_secrets',
            attributes: place,
            conclude: ({ entries }) => ({ attributes: { ...outcomeOf(entries.length, 0) } }),
          },
          () => list(query, signal),
        ),
    }),
    ...(write && {
      write: (written, signal) =>
        run(tracer, about('write_secret', written.path), () => write(written, signal)),
    }),
    ...(remove && {
      delete: (path, options, signal) =>
        run(tracer, about('delete_secret', path), () => remove(path, options, signal)),
    }),
    ...(restore && {
      restore: (path, signal) =>
        run(tracer, about('restore_secret', path), () => restore(path, signal)),
    }),
    ...(rotate && {
      rotate: (path, options, signal) =>
        run(tracer, about('rotate_secret', path), () => rotate(path, options, signal)),
    }),
    ...(history && {
      history: (path, signal) =>
        run(tracer, about('secret_history', path), () => history(path, signal)),
    }),
  }
}

function run<T>(tracer: Tracer, operation: Operation<unknown>, work: () => Promise<T>): Promise<T> {
  return tracer.run(operation, work)
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
