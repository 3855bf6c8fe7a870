/** Executes statements and writes their output. Source: Go's text/template/exec.go. */
import type {
  ActionNode,
  BranchNode,
  Definition,
  ListNode,
  StatementNode,
  TemplateNode,
} from './ast.ts'
import { evaluatePipeline } from './expressions.ts'
import { plainSpec } from './format-spec.ts'
import { Frame } from './frame.ts'
import { sortedEntries } from './map-key.ts'
import { printArgument, sprint } from './printer.ts'
import { quote } from './quote.ts'
import type { Rendering } from './rendering.ts'
import { formatNode } from './source-form.ts'
import { elementOf, indirect, int, isTrue, typeOf, type Value } from './values.ts'

/** How a statement ended: `break` and `continue` look for their range. */
type Flow = 'next' | 'break' | 'continue'

/** The output of the template that bears the source's own name; its dot is nil unless given. */
export function renderMain(rendering: Rendering<Frame>, dot?: Value): string {
  const { definitions, name } = rendering.source
  const definition = definitions.get(name)
  return definition === undefined ? '' : runDefinition(rendering, definition, { dot, depth: 0 })
}

/** The output of a definition on its own, for `executeTemplate`. */
export function executeDefinition(caller: Frame, definition: Definition, dot: Value): string {
  return runDefinition(caller.rendering, definition, { dot, depth: deeper(caller) })
}

function runDefinition(
  rendering: Rendering<Frame>,
  definition: Definition,
  { dot, depth }: { readonly dot: Value; readonly depth: number },
): string {
  const output = { text: '' }
  walkList(new Frame(rendering, definition, { output, depth, dot }), dot, definition.list)
  return output.text
}

function deeper(frame: Frame): number {
  const { depth: limit } = frame.rendering.limits
  if (frame.depth >= limit) frame.fail(`exceeded maximum template depth (${limit})`)
  return frame.depth + 1
}

function walkList(frame: Frame, dot: Value, { nodes }: ListNode): Flow {
  for (const node of nodes) {
    const flow = walk(frame, dot, node)
    if (flow !== 'next') return flow
  }
  return 'next'
}

function walk(frame: Frame, dot: Value, node: StatementNode): Flow {
  switch (node.kind) {
    case 'text':
      frame.write(node.text)
      return 'next'
    case 'action':
      writeAction(frame, dot, node)
      return 'next'
    case 'if':
    case 'with':
      return walkBranch(frame, dot, node)
    case 'range':
      return walkRange(frame, dot, node)
    case 'template':
      walkTemplate(frame, dot, node)
      return 'next'
    default:
      return node.kind
  }
}

function writeAction(frame: Frame, dot: Value, node: ActionNode): void {
  frame.at(node)
  const value = evaluatePipeline(frame, dot, node.pipe)
  if (node.pipe.variables.length > 0) return
  frame.at(node)
  if (typeof value === 'string') frame.write(value)
  else frame.write(printable(frame, node, value))
}

/** Pointers print what they point to; nothing prints `<no value>`. */
function printable(frame: Frame, node: ActionNode, given: Value): string {
  const { value, isNil } = indirect(given)
  if (value === undefined) return '<no value>'
  if (typeof value === 'object' && value.kind === 'channel') {
    return frame.fail(`can't print ${formatNode(node)} of type ${typeOf(value)}`)
  }
  return isNil ? '<nil>' : printArgument(value, 'v', plainSpec)
}

function walkBranch(frame: Frame, dot: Value, node: BranchNode): Flow {
  const mark = frame.mark()
  const value = evaluatePipeline(frame, dot, node.pipe)
  const flow = isTrue(value)
    ? walkList(frame, node.kind === 'with' ? value : dot, node.list)
    : walkElse(frame, dot, node)
  frame.forget(mark)
  return flow
}

function walkElse(frame: Frame, dot: Value, { elseList }: BranchNode): Flow {
  return elseList === undefined ? 'next' : walkList(frame, dot, elseList)
}

interface Iteration {
  readonly index: Value
  readonly element: Value
}

function walkRange(frame: Frame, dot: Value, node: BranchNode): Flow {
  const outer = frame.mark()
  const { value } = indirect(evaluatePipeline(frame, dot, node.pipe))
  const inner = frame.mark()
  let isEmpty = true
  for (const iteration of iterationsOf(frame, value, node)) {
    isEmpty = false
    setRangeVariables(frame, node, iteration)
    frame.rendering.spend(1, frame)
    const flow = walkList(frame, iteration.element, node.list)
    frame.forget(inner)
    if (flow === 'break') break
  }
  // As in Go, a `break` in the else list ends this range, a `continue` goes on to the one around it.
  const after = isEmpty ? walkElse(frame, dot, node) : 'next'
  frame.forget(outer)
  return after === 'break' ? 'next' : after
}

function setRangeVariables(
  frame: Frame,
  { pipe }: BranchNode,
  { index, element }: Iteration,
): void {
  const [first, second] = pipe.variables
  if (first === undefined) return
  if (!pipe.isAssignment) {
    frame.setFromTop(1, element)
    if (second !== undefined) frame.setFromTop(2, index)
  } else if (second === undefined) frame.assign(first.name, element)
  else {
    frame.assign(first.name, index)
    frame.assign(second.name, element)
  }
}

function* iterationsOf(frame: Frame, value: Value, { pipe }: BranchNode): Generator<Iteration> {
  if (value === undefined) return
  if (typeof value !== 'object') failToIterate(frame, value)
  switch (value.kind) {
    case 'int':
    case 'uint':
      if (pipe.variables.length > 1) {
        frame.fail(
          "can't use ",
          { value: sprint([value]) },
          ' to iterate over more than one variable',
        )
      }
      for (let count = 0n; count < value.value; count++) {
        yield { index: undefined, element: { ...value, value: count } }
      }
      return
    case 'slice':
      for (const [index, item] of value.items.entries()) {
        yield { index: int(index), element: elementOf(value, item) }
      }
      return
    case 'map':
      for (const entry of sortedEntries(value)) yield { index: entry.key, element: entry.value }
      return
    case 'channel':
      for (let number = value.from; number < value.to; number++) {
        const element = { kind: 'int', type: 'int64', value: number } as const
        yield { index: int(number - value.from), element }
      }
      return
    case 'interface':
      // A nil interface; what others hold has been taken out.
      return
    default:
      failToIterate(frame, value)
  }
}

function failToIterate(frame: Frame, value: Value): never {
  frame.fail("range can't iterate over ", { value: sprint([value]) })
}

function walkTemplate(frame: Frame, dot: Value, node: TemplateNode): void {
  frame.at(node)
  const { rendering, output } = frame
  const definition = rendering.source.definitions.get(node.name)
  if (definition === undefined) frame.fail(`template ${quote(node.name)} not defined`)
  const depth = deeper(frame)
  const argument = node.pipe === undefined ? undefined : evaluatePipeline(frame, dot, node.pipe)
  const called = new Frame(rendering, definition, { output, depth, dot: argument })
  walkList(called, argument, definition.list)
}
