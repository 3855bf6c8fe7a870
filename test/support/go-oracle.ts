/** Answers JSON lines `{"template"}` with what Go's own text/template, compiled to WebAssembly, makes of `templateData`. */
import { parse } from '@evertdespiegeleer/go-template'
import { templateData } from './template-words.ts'

// The first call starts the engine and puts `Render` into the global scope.
await parse('', {})
const render: unknown = Reflect.get(globalThis, 'Render')
if (typeof render !== 'function') throw new Error('the engine did not start')

let input = ''
for await (const chunk of process.stdin) input += chunk
const data = JSON.stringify(templateData)
const answers = input
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.stringify(render(JSON.parse(line), data)))
process.stdout.write(`${answers.join('\n')}\n`, () => process.exit(0))
