/** A statement that is given up when its caller ends. */
import { ended } from '../read-each.ts'

/** The result of `pending` unless `signal` aborts before: then `cancel` is called, and nobody waits for `pending` any more. */
export async function untilEnded<T>(
  pending: Promise<T>,
  signal: AbortSignal | undefined,
  cancel: () => void,
): Promise<T> {
  if (signal === undefined) return pending
  return new Promise<T>((resolve, reject) => {
    const end = () => {
      cancel()
      reject(ended())
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
    const settle = () => signal.removeEventListener('abort', end)
    pending.then(resolve, reject).finally(settle)
  })
}
