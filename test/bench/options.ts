/** The words behind `npm run bench --`. */
import { parseArgs } from 'node:util'

export interface Options {
  /** Names of the sections to run, in their order. */
  readonly only: readonly string[]
  readonly rounds: number
  readonly seconds: number
  readonly peerInjector: string | undefined
  /** Name to archive. */
  readonly images: ReadonlyMap<string, string>
  /** Where page, charts and JSON go; undefined: nowhere. */
  readonly out: string | undefined
}

export type Parsed =
  | { readonly kind: 'options'; readonly options: Options }
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly text: string }

const defaults = { rounds: 3, seconds: 10, out: 'docs' }

export function renderHelp(sections: readonly { readonly name: string; readonly title: string }[]) {
  const widest = Math.max(...sections.map(({ name }) => name.length))
  const list = sections.map(({ name, title }) => `  ${name.padEnd(widest)}  ${title}`)
  return `npm run bench -- [OPTION ...]

Measures Claviger beside the stock Vault Agent, consul-template and, where its binary is given, the stock injector.
A whole run takes a while and wants a machine that has nothing else to do.

  --only SECTION[,SECTION ...]  these sections, or all whose names begin so; then --out has no default
  --rounds N                    interleaved repetitions of what has rounds (${defaults.rounds})
  --seconds N                   length of what is measured for a time (${defaults.seconds})
  --peer-injector PATH          a vault-k8s binary, for the admission sections
  --image NAME=ARCHIVE          another image for the section images, as a docker-archive; may be repeated
  --out DIR                     writes DIR/benchmarks.md (the part between its markers), DIR/benchmarks.json and
                                DIR/benchmarks/*.svg (${defaults.out}); sections that were not run stay as they were
  --no-out                      writes nothing
  --help

Sections:
${list.join('\n')}
`
}

export function parseOptions(words: readonly string[], names: readonly string[]): Parsed {
  try {
    const { values } = parseArgs({ args: [...words], options: table })
    if (values.help === true) return { kind: 'help' }
    const only = values.only === undefined ? names : selectNames(values.only, names)
    const out = values.only === undefined ? defaults.out : undefined
    const options = {
      only,
      rounds: readNumber('rounds', values.rounds ?? String(defaults.rounds)),
      seconds: readNumber('seconds', values.seconds ?? String(defaults.seconds)),
      peerInjector: values['peer-injector'],
      images: new Map((values.image ?? []).map(readImage)),
      out: values['no-out'] === true ? undefined : (values.out ?? out),
    }
    return { kind: 'options', options }
  } catch (thrown) {
    return { kind: 'problem', text: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

const table = {
  only: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  'peer-injector': { type: 'string' },
  image: { type: 'string', multiple: true },
  out: { type: 'string' },
  'no-out': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

function selectNames(text: string, names: readonly string[]): readonly string[] {
  const wanted = text.split(',').map((word) => word.trim())
  const matches = (word: string) =>
    names.filter((name) => name === word || name.startsWith(`${word}-`))
  const unknown = wanted.filter((word) => matches(word).length === 0)
  if (unknown.length > 0) {
    throw new Error(`--only: no section ${unknown.join(', ')}; there are ${names.join(', ')}`)
  }
  return names.filter((name) => wanted.some((word) => matches(word).includes(name)))
}

function readNumber(name: string, text: string): number {
  const number = Number(text)
  const isFit = number > 0 && (name === 'seconds' || Number.isInteger(number))
  if (!isFit)
    throw new Error(`--${name}: ${text} is no ${name === 'seconds' ? '' : 'whole '}number above 0`)
  return number
}

function readImage(text: string): readonly [string, string] {
  const [, name = '', path = ''] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (path === '') throw new Error(`--image: ${text} is not NAME=ARCHIVE`)
  return [name, path]
}
