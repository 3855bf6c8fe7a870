/** The pods that the guard looks at, by their metadata. */
import { readMetadata, type WatchedKind } from '../kube/object-metadata.ts'
import { type Judge, type JudgedPod, judgePod } from './judge.ts'

/** Needs `list` and `watch` on pods. One that has come to its end counts as gone. */
export function createPodKind(judge: Judge): WatchedKind<JudgedPod> {
  return {
    name: 'pods',
    path: '/api/v1/pods',
    fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed',
    // Annotations hold whole templates: up to 256 KiB a pod.
    pageSize: 50,
    read: (object) => judgePod(readMetadata(object), judge),
  }
}
