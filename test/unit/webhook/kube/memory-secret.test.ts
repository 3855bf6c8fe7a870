import { describe, expect, test } from '@jest/globals'
import { AppError } from '../../../../core/errors.ts'
import { createLogger } from '../../../../core/log.ts'
import type { Cluster } from '../../../../webhook/kube/cluster.ts'
import { tolerateMissingSecret } from '../../../../webhook/kube/memory-secret.ts'

function clusterThat(status: number | undefined): Cluster & { readonly writes: string[] } {
  const writes: string[] = []
  return {
    writes,
    readSecret: async () => {
      if (status !== undefined) throw new AppError('kubernetes_refused', { status })
      return { resourceVersion: '7', entries: new Map([['a', '1']]), wantsRotation: false }
    },
    writeSecret: async ({ resourceVersion }) => {
      writes.push(resourceVersion)
      return 'written'
    },
    readWebhooks: async () => [],
    writeCaBundle: async () => undefined,
  }
}

function tolerate(cluster: Cluster) {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const logger = createLogger({ level: 'info', format: 'json', write, now: () => 0 })
  return { ...tolerateMissingSecret(cluster, logger), lines }
}

describe('tolerateMissingSecret', () => {
  test.each([403, 404])(
    'keeps entries in memory after a status %d, and says so once',
    async (status) => {
      const cluster = clusterThat(status)
      const { readSecret, writeSecret, lines } = tolerate(cluster)
      expect((await readSecret()).entries.size).toBe(0)
      const entries = new Map([['tls.crt', 'x']])
      expect(await writeSecret({ resourceVersion: '', entries, wantsRotation: false })).toBe(
        'written',
      )
      expect((await readSecret()).entries).toEqual(entries)
      expect(cluster.writes).toEqual([])
      expect(lines).toHaveLength(1)
    },
  )

  test('leaves a Secret that is there to the cluster', async () => {
    const cluster = clusterThat(undefined)
    const { readSecret, writeSecret } = tolerate(cluster)
    expect((await readSecret()).resourceVersion).toBe('7')
    await writeSecret({ resourceVersion: '7', entries: new Map(), wantsRotation: false })
    expect(cluster.writes).toEqual(['7'])
  })

  test('does not hide other faults', async () => {
    await expect(tolerate(clusterThat(500)).readSecret()).rejects.toThrow(AppError)
  })
})
