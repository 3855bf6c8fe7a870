import { describe, expect, test } from '@jest/globals'
import { parseHcl } from '../../../../../agent/config/hcl/parse-hcl.ts'
import { toPlain } from '../../../../support/plain-json.ts'

function parse(text: string): unknown {
  const parsed = parseHcl(text, 'agent.hcl')
  return parsed.kind === 'ok' ? toPlain(parsed.value) : parsed.issues
}

describe('values', () => {
  test.each([
    ['nothing', '', {}],
    ['a string', 'a = "x"', { a: 'x' }],
    ['escapes', String.raw`a = "\n\t\"\\\u00e9\x41\101"`, { a: '\n\t"\\éAA' }],
    ['bytes that are one character together', String.raw`a = "\xc3\xa9"`, { a: 'é' }],
    ['a template with quotes', String.raw`a = "{{ secret \"x\" }}"`, { a: '{{ secret "x" }}' }],
    [`quotes within \${}`, `a = "x\${f("q")}y"`, { a: `x\${f("q")}y` }],
    [`braces within \${}`, `a = "\${ {"x"} }" b = 1`, { a: `\${ {"x"} }`, b: 1 }],
    ['a dollar alone', `a = "$x $\${y}"`, { a: `$x $\${y}` }],
    ['decimal', 'a = 12 b = -5', { a: 12, b: -5 }],
    ['octal', 'a = 0640', { a: 0o640 }],
    ['hexadecimal', 'a = 0xFF', { a: 255 }],
    ['fractions', 'a = 1.5 b = .5 c = 1e3 d = 2.5E-1', { a: 1.5, b: 0.5, c: 1000, d: 0.25 }],
    ['booleans', 'a = true b = false', { a: true, b: false }],
    ['a list', 'a = ["x", 1, true,]', { a: ['x', 1, true] }],
    ['lists in a list', 'a = [["x"], []]', { a: [['x'], []] }],
    ['an object', 'a = { b = 1, c = 2 }', { a: [{ b: 1, c: 2 }] }],
    ['a heredoc', 'a = <<EOT\n  x "y"\nEOT\n', { a: '  x "y"\n' }],
    ['a heredoc that ends indented', 'a = <<EOT\nx\n  EOT\n', { a: 'x\n  ' }],
    ['an indented heredoc', 'a = <<-EOT\n  x\n    y\n  EOT\n', { a: 'x\n  y\n' }],
    ['an indented heredoc with a line that is not', 'a = <<-E\n  x\n\n  E\n', { a: '  x\n\n' }],
    ['an empty heredoc', 'a = <<EOT\nEOT\n', { a: '' }],
    ['carriage returns', 'a = <<EOT\r\nx\r\nEOT\r\nb = 1\r\n', { a: 'x\n', b: 1 }],
  ])('%s', (_, text, expected) => expect(parse(text)).toEqual(expected))
})

describe('structure', () => {
  test.each([
    ['comments', '# a\n// b\n/* c\n d */ a = 1 # e\n', { a: 1 }],
    ['a comment without a line end', 'a = 1 // b', { a: 1 }],
    ['a block', 'a { b = 1 }', { a: [{ b: 1 }] }],
    ['a label', 'a "x" { b = 1 }', { a: [{ x: [{ b: 1 }] }] }],
    ['a label without quotes', 'a x { }', { a: [{ x: [{}] }] }],
    ['two labels', 'a "x" "y" { b = 1 }', { a: [{ x: [{ y: [{ b: 1 }] }] }] }],
    ['a block twice', 'a { b = 1 }\na { b = 2 }', { a: [{ b: 1 }, { b: 2 }] }],
    ['a block after an object', 'a = { b = 1 }\na { b = 2 }', { a: [{ b: 1 }, { b: 2 }] }],
    ['two labels of a block', 'a "x" {}\na "y" {}', { a: [{ x: [{}] }, { y: [{}] }] }],
    ['a quoted key', '"a b" = 1', { 'a b': 1 }],
    ['a key that objects have', '__proto__ = 1\nconstructor { }', undefined],
    ['keys in other cases', 'A = 1\na = 2', { A: 1, a: 2 }],
    ['everything on one line', 'a = 1 b { c = 2 } d = "x"', { a: 1, b: [{ c: 2 }], d: 'x' }],
  ])('%s', (_, text, expected) => {
    if (expected !== undefined) return expect(parse(text)).toEqual(expected)
    const parsed = parseHcl(text, 'f')
    const keys = parsed.kind === 'ok' ? [...parsed.value.keys()] : []
    return expect(keys).toEqual(['__proto__', 'constructor'])
  })
})

describe('what is wrong is named with its place', () => {
  test.each([
    ['no value', 'a =', 1, 4, 'a value, not the end of the file'],
    ['a bare word', 'a = b', 1, 5, 'a value, not a name'],
    ['single quotes', "a = 'x'", 1, 5, 'a string in double quotes'],
    ['an open string', 'a = "x\nb = 1', 1, 7, 'a closing quote'],
    ['an open interpolation', `a = "\${x`, 1, 9, 'a closing quote'],
    ['an unknown escape', String.raw`a = "\q"`, 1, 6, 'one of \\n'],
    ['an octal escape above a byte', String.raw`a = "\777"`, 1, 6, 'one of \\n'],
    ['a code point that is none', String.raw`a = "\UFFFFFFFF"`, 1, 6, 'one of \\n'],
    ['an open comment', 'a = 1\n/* b', 2, 5, 'the end of a comment'],
    ['an open heredoc', 'a = <<EOT\nx\n', 3, 1, 'a line with EOT alone'],
    ['a heredoc without an anchor', 'a = <<\nx', 1, 5, 'a heredoc such as <<EOT'],
    ['a heredoc that starts on its line', 'a = <<EOT x', 1, 10, 'a line end after <<EOT'],
    ['an octal digit too high', 'a = 0689', 1, 5, 'an octal number'],
    ['a number too long', 'a = 9223372036854775808', 1, 5, 'a number of at most 64 bits'],
    ['a stray sign', 'a = +1', 1, 5, 'a name, a value or one of'],
    ['an open block', 'a {\n  b = 1\n', 3, 1, '}, not the end of the file'],
    ['a closing brace too many', 'a = 1 }', 1, 7, 'the name of a key or block, not }'],
    ['a label before =', 'a "x" = 1', 1, 7, '{, not ='],
    ['no = and no {', 'a\nb = 1', 2, 3, '{, not ='],
    ['no comma in a list', 'a = [1 2]', 1, 8, 'a comma or ]'],
    ['columns are in bytes', 'a = "é" @', 1, 10, 'a name, a value'],
    ['a key twice', 'a = 1\nb = 2\na = 3', 3, 1, 'a only once'],
    ['a key twice in a block', 'x { a = 1 a = 2 }', 1, 11, 'a only once'],
    ['objects in a list', 'a = [{ b = 1 }]', 1, 6, 'no object in a list'],
  ])('%s', (_, text, line, column, expected) => {
    expect(parse(text)).toEqual([
      expect.objectContaining({
        code: 'config',
        path: `agent.hcl:${line}:${column}`,
        at: { line, column },
        expected: expect.stringContaining(expected),
      }),
    ])
  })

  test('all repeated keys at once', () => {
    expect(parse('a = 1\na = 2\nb = 1\nb = 2')).toHaveLength(2)
  })

  test('nesting that would exhaust the stack', () => {
    for (const text of [`a = ${'['.repeat(100_000)}`, 'a {'.repeat(100_000)]) {
      expect(parse(text)).toEqual([expect.objectContaining({ expected: 'less nesting' })])
    }
  })
})
