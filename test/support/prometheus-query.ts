/** As much of PromQL as alerts and dashboards need: its words, brackets, matchers and groupings. */

export interface Query {
  readonly metrics: readonly string[]
  /** Labels of `by`, `without`, `on` and `ignoring`. */
  readonly groups: readonly string[]
  /** Values of matchers, those of a regular expression apart. */
  readonly matchers: readonly { readonly label: string; readonly values: readonly string[] }[]
  readonly problems: readonly string[]
}

const functions = [
  ...['sum', 'min', 'max', 'count', 'avg', 'topk', 'rate', 'increase', 'absent', 'time'],
  ...['histogram_quantile', 'clamp_min'],
]
const words = ['and', 'or', 'unless', 'bool']

export function readQuery(expr: string): Query {
  const groups: string[] = []
  const matchers: { label: string; values: readonly string[] }[] = []
  const problems = findBrackets(expr) ? [] : ['its brackets do not match']
  const bare = expr
    .replace(/\{([^{}]*)\}/g, (_, inner: string) => {
      for (const part of inner.split(',')) {
        const match = /^\s*(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"\s*$/.exec(part)
        if (match === null) problems.push(`not a matcher: ${part}`)
        else matchers.push({ label: match[1] ?? '', values: (match[2] ?? '').split('|') })
      }
      return ''
    })
    .replace(/\b(?:by|without|on|ignoring) *\(([^()]*)\)/g, (_, inner: string) => {
      groups.push(...inner.split(',').map((label) => label.trim()))
      return ''
    })
    .replace(/\[([^[\]]*)\]/g, (_, range: string) => {
      if (!/^(\d+[smhd]|\$__rate_interval)$/.test(range)) problems.push(`no range: ${range}`)
      return ''
    })
  const metrics: string[] = []
  for (const match of bare.matchAll(/[a-zA-Z_:][\w:]*/g)) {
    const [name] = match
    const isCall = /^\s*\(/.test(bare.slice(match.index + name.length))
    if (isCall && !functions.includes(name)) problems.push(`no function: ${name}`)
    if (!isCall && !words.includes(name)) metrics.push(name)
  }
  return { metrics, groups, matchers, problems }
}

function findBrackets(expr: string): boolean {
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
  const open: string[] = []
  for (const [bracket] of expr.matchAll(/[()[\]{}]/g)) {
    if (pairs[bracket] === undefined) open.push(bracket)
    else if (open.pop() !== pairs[bracket]) return false
  }
  return open.length === 0
}
