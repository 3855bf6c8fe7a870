/** Blowfish's first subkeys and boxes: the fraction of pi, 32 bits a word, computed when they are first needed. */

const subkeyWords = 18
const boxWords = 4 * 256

export function initialSubkeys(): Uint32Array {
  return fractionOfPi().slice(0, subkeyWords)
}

export function initialBoxes(): Uint32Array {
  return fractionOfPi().slice(subkeyWords)
}

/** Machin's formula in fixed point, with bits to spare for the rounding of each term. */
function fractionOfPi(): Uint32Array {
  const words = subkeyWords + boxWords
  const spare = 64n
  const one = 1n << (BigInt(words) * 32n + spare)
  const pi = 16n * arctangentOfInverse(5n, one) - 4n * arctangentOfInverse(239n, one)
  const hex = ((pi - 3n * one) >> spare).toString(16).padStart(words * 8, '0')
  return Uint32Array.from({ length: words }, (_, at) =>
    Number.parseInt(hex.slice(at * 8, at * 8 + 8), 16),
  )
}

function arctangentOfInverse(value: bigint, one: bigint): bigint {
  const square = value * value
  let power = one / value
  let sum = power
  for (let odd = 3n, sign = -1n; power > 0n; odd += 2n, sign = -sign) {
    power /= square
    sum += (sign * power) / odd
  }
  return sum
}
