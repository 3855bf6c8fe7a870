/** Chance from the system, for templates that ask for it. */
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { KeyKind, Randomness } from '../template/randomness.ts'

export const systemRandomness: Randomness = {
  bytes: (count) => randomBytes(count),
  privateKey: (kind) => generators[kind]().export({ format: 'der', type: 'pkcs8' }),
}

const generators: Readonly<Record<KeyKind, () => KeyObject>> = {
  'rsa-2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  'rsa-4096': () => generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey,
  'ecdsa-p256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ed25519: () => generateKeyPairSync('ed25519').privateKey,
  'dsa-2048': () =>
    generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey,
}
