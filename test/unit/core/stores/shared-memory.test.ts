import { expect, test } from '@jest/globals'
import { Secret } from '../../../../core/secret.ts'
import { createSharedMemory } from '../../../../core/stores/shared-memory.ts'

test('each store has a copy of what it uses, all of them the newest, and of nothing else', () => {
  const share = createSharedMemory()
  const [mine, yours, idle] = [1, 2, 3].map(() => new Map<string, Secret>())
  const [first, second] = [mine, yours, idle].map((own) => share(own ?? new Map()))
  const text = (own: Map<string, Secret> | undefined) => own?.get('key')?.reveal()
  expect(first?.recall('key')).toBeUndefined()
  first?.remember('key', new Secret('old'))
  first?.remember('other', new Secret('x'))
  expect(second?.recall('key')?.reveal()).toBe('old')
  second?.remember('key', new Secret('new'))
  expect([mine, yours, idle].map(text)).toEqual(['new', 'new', undefined])
  expect(yours?.has('other')).toBe(false)
})

test('what an earlier process left one store is found by the others', () => {
  const share = createSharedMemory()
  share(new Map([['key', new Secret('kept')]]))
  expect(share(new Map()).recall('key')?.reveal()).toBe('kept')
})
