/** A watch whose every step can be waited for. */
import type { MetadataApi } from '../../../../webhook/kube/metadata.ts'

export function announce<T>(inner: MetadataApi<T>) {
  let heard = 0
  let ended = 0
  const watchers: { readonly done: () => boolean; readonly resolve: () => void }[] = []
  const notify = () => {
    for (const { done, resolve } of watchers) if (done()) resolve()
  }
  const until = (done: () => boolean) =>
    new Promise<void>((resolve) => {
      if (done()) resolve()
      else watchers.push({ done, resolve })
    })
  const outer: MetadataApi<T> = {
    list: inner.list,
    watch: async (version, use, signal) => {
      try {
        return await inner.watch(
          version,
          (event) => {
            use(event)
            heard += 1
            notify()
          },
          signal,
        )
      } finally {
        ended += 1
        notify()
      }
    },
  }
  return {
    outer,
    events: (count: number) => until(() => heard >= count),
    ends: (count: number) => until(() => ended >= count),
  }
}
