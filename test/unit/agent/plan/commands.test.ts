import { describe, expect, test } from '@jest/globals'
import {
  addRestored,
  adoptCommands,
  dueCommands,
  intendCommand,
  recordCommand,
  settleCommands,
} from '../../../../agent/plan/commands.ts'
import { type AgentState, emptyState, type PendingCommand } from '../../../../agent/plan/state.ts'
import { AppError } from '../../../../core/errors.ts'
import { failure, planConfig, start } from '../../../support/plan-fixtures.ts'

const intended: PendingCommand = { kind: 'intended', hash: 'h', failure: undefined }
const due: PendingCommand = { kind: 'due', hash: 'h', failure: undefined }
const failed: PendingCommand = { ...due, failure: failure() }

function stateWith(commands: Readonly<Record<string, PendingCommand>>): AgentState {
  return { ...emptyState, commands: new Map(Object.entries(commands)) }
}

const pendingOf = ({ commands }: AgentState) => Object.fromEntries(commands)

describe('a change is intended before it is written', () => {
  test.each([
    ['for the first time', {}, intended],
    ['over another that was not written', { '/a': { ...intended, hash: 'g' } }, intended],
    ['over one that was, and that failed', { '/a': { ...failed, hash: 'g' } }, due],
  ])('%s', (_, before, expected) => {
    const pending = intendCommand(stateWith(before).commands, '/a', 'h')
    expect(pending.get('/a')).toEqual(expected)
  })
})

describe('when the files are written', () => {
  test.each([
    ['what changed is due', { '/a': intended }, ['/a'], { '/a': due }],
    ['what held its bytes already is not', { '/a': intended }, [], {}],
    ['what was due stays so', { '/a': due }, [], { '/a': due }],
    ['each for itself', { '/a': intended, '/b': intended }, ['/b'], { '/b': due }],
  ])('%s', (_, before, changed, expected) => {
    expect(pendingOf(settleCommands(stateWith(before), new Set(changed)))).toEqual(expected)
  })

  test.each([
    ['a file that was put right has its command', 'reload', { '/a': 'h' }, ['/a'], { '/a': due }],
    ['one that was not changed has none', 'reload', { '/a': 'h' }, [], {}],
    ['nor one without a command', undefined, { '/a': 'h' }, ['/a'], {}],
    ['nor one that was never rendered', 'reload', {}, ['/a'], {}],
  ])('%s', (_, command, files, changed, expected) => {
    const state = { ...emptyState, files: new Map(Object.entries(files)) }
    const restored = addRestored(state, planConfig({ command }), new Set(changed))
    expect(pendingOf(restored)).toEqual(expected)
  })
})

test('a new process runs what may not have been run, for the templates that there are', () => {
  const state = stateWith({ '/a': intended, '/b': failed, '/gone': due, '/bare': due })
  const config = planConfig(
    { command: 'reload' },
    { destination: '/b', command: 'reload' },
    { destination: '/bare' },
  )
  expect(pendingOf(adoptCommands(state, config))).toEqual({ '/a': due, '/b': failed })
})

describe('commands that are due', () => {
  const config = planConfig(
    { command: 'reload' },
    { destination: '/b', command: 'restart' },
    { destination: '/c', command: 'reload' },
  )
  const causesOf = (state: AgentState, now = start) =>
    dueCommands(config, state, now).map(({ command, causes }) => [
      'words' in command ? command.words[0] : command.process,
      [...causes],
    ])

  test('are run once for all files that ask for the same', () => {
    expect(causesOf(stateWith({ '/c': { ...due, hash: 'k' }, '/b': due, '/a': due }))).toEqual([
      [
        'reload',
        [
          ['/a', 'h'],
          ['/c', 'k'],
        ],
      ],
      ['restart', [['/b', 'h']]],
    ])
  })

  test('are not those whose file is only about to be written', () => {
    expect(causesOf(stateWith({ '/a': intended }))).toEqual([])
  })

  test('rest after a failure', () => {
    const state = stateWith({ '/a': failed })
    expect(causesOf(state, start + 999)).toEqual([])
    expect(causesOf(state, start + 1000)).toEqual([['reload', [['/a', 'h']]]])
  })
})

describe('a command that has ended', () => {
  const [run] = dueCommands(planConfig({ command: 'reload' }), stateWith({ '/a': due }), start)
  const moment = { now: start, chance: 0 }
  const error = new AppError('command_failed', { exit_code: 1 })
  const again = (count: number, retryMs: number): PendingCommand => ({
    ...due,
    failure: failure({ count, code: 'command_failed', retryAt: start + retryMs }),
  })
  test.each([
    ['well is done', due, undefined, {}],
    ['badly is tried again after a second', due, error, { '/a': again(1, 1000) }],
    ['badly twice after two', failed, error, { '/a': again(2, 2000) }],
    [
      'well, but for other content, is still due',
      { ...due, hash: 'new' },
      undefined,
      { '/a': { ...due, hash: 'new' } },
    ],
  ])('%s', (_, pending, thrown, expected) => {
    if (run === undefined) throw new Error('nothing is due')
    const state = recordCommand(stateWith({ '/a': pending }), run, { error: thrown, moment })
    expect(pendingOf(state)).toEqual(expected)
  })
})
