/** Answers JSON lines, each a template, with what Go's own text/template, compiled to WebAssembly, makes of `templateData`; ends early at a template that exhausts it. */
import { writeSync } from 'node:fs'
import { parse } from '@evertdespiegeleer/go-template'
import { templateData } from './template-words.ts'

// The first call starts the engine and puts `Render` into the global scope.
await parse('', {})
const render: unknown = Reflect.get(globalThis, 'Render')
if (typeof render !== 'function') throw new Error('the engine did not start')

let input = ''
for await (const chunk of process.stdin) input += chunk
const data = JSON.stringify(templateData)
// Each answer is written before the next template can bring the engine down.
for (const line of input.split('\n').filter((text) => text !== '')) {
  writeSync(1, `${JSON.stringify(render(JSON.parse(line), data))}\n`)
}
process.exit(0)
