/** What was recorded, as tests look at it. */
import { type RecordedSpan, Recorder } from '../../core/tracing/recorder.ts'

/** A recorder whose clock goes on by one millisecond with each look. */
export function createRecorder(epoch = 1_800_000_000_000): Recorder {
  let elapsed = 0
  return new Recorder({ now: () => epoch, elapsed: () => elapsed++ })
}

/** Without times and identities. */
export function seen({ name, attributes, error, failures }: RecordedSpan) {
  return {
    name,
    ...attributes,
    ...(error === undefined ? {} : { error }),
    ...(failures === undefined || failures.length === 0 ? {} : { failures }),
  }
}

/** One that the test resolves. */
export function createPromise() {
  let resolve: (value: string) => void = () => undefined
  const promise = new Promise<string>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
