/** Markers that are planted where secrets are, to be searched for in every output. */
import { expect } from '@jest/globals'
import { jwt } from './agent-process.ts'

export const canary = {
  value: 'canary-value-7f3a',
  token: 'hvs.canary-token-91bc',
  body: 'canary-body-55de',
} as const

const markers = [...Object.values(canary), jwt, Buffer.from(canary.value).toString('base64')]

export function expectClean(text: string): void {
  for (const marker of markers) expect(text).not.toContain(marker)
}
