/** What the agent runs: commands after a change, and the process that it supervises. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { useAgentSuite, working } from '../../support/agent-suite.ts'
import { kvBody, loginAnswer } from '../../support/scripted-vault.ts'

const suite = useAgentSuite()

/** A process that has ended and that nobody waited for yet does not run. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('a command', () => {
  const templateWith = (command: unknown) => [
    {
      destination: join(suite.folder.secrets, 'app'),
      contents: '{{ with secret "secret/data/app" }}{{ .Data.data.password }}{{ end }}',
      command,
    },
  ]

  test('sees the agent’s environment, neither its configuration nor a token', async () => {
    const store = await suite.start(working)
    const out = join(suite.folder.root, 'env')
    const config = suite.folder.config(store.address, {
      template: templateWith(`env > ${out}`),
      exit_after_auth: true,
    })
    const agent = suite.folder.start(config, {
      OWN: 'kept',
      VAULT_TOKEN: 'hvs.mine',
      PATH: process.env['PATH'] ?? '',
    })
    expect(await agent.exited).toBe(0)
    const seen = readFileSync(out, 'utf8')
    expect(seen).toContain('OWN=kept\n')
    expect(seen).toContain(`VAULT_ADDR=${store.address}\n`)
    expect(seen).not.toMatch(/VAULT_CONFIG|VAULT_TOKEN|hvs\./)
  })

  test('that runs too long is ended with everything that it started', async () => {
    const store = await suite.start(working)
    const pids = join(suite.folder.root, 'pids')
    const config = suite.folder.config(store.address, {
      template: templateWith(undefined).map((template) => ({
        ...template,
        exec: { command: [`sleep 300 & echo $! > ${pids}; wait`], timeout: '1s' },
      })),
      exit_after_auth: true,
    })
    const agent = suite.folder.start(config, { PATH: process.env['PATH'] ?? '' })
    expect(await agent.exited).toBe(1)
    expect(agent.lines.join('\n')).toMatch(/command failed .*reason="timed out"/)
    const sleeper = Number(readFileSync(pids, 'utf8'))
    expect(isRunning(sleeper)).toBe(false)
  })

  test('that hangs holds up no renewal', async () => {
    const store = await suite.start(working)
    const config = suite.folder.config(store.address, {
      template: templateWith(['sleep', '300']),
      template_config: { static_secret_render_interval: '1s' },
    })
    const agent = suite.folder.start(config, { PATH: process.env['PATH'] ?? '' })
    await agent.waitFor(/file written/)
    const seen = agent.lines.length
    await agent.waitFor(/secret read/, seen)
    await agent.stop()
    expect(await agent.exited).toBe(0)
  })

  test('may print as much as it likes', async () => {
    const store = await suite.start(working)
    const config = suite.folder.config(store.address, {
      template: templateWith('head -c 3000000 /dev/zero | tr "\\\\0" x'),
      exit_after_auth: true,
    })
    const agent = suite.folder.start(config, { PATH: process.env['PATH'] ?? '' })
    expect(await agent.exited).toBe(0)
    expect(agent.lines.join('\n').length).toBeLessThan(200_000)
  })
})

test('a log that nobody reads holds up no renewal, and does not keep the agent from ending', async () => {
  const store = await suite.start(working)
  const pidFile = join(suite.folder.root, 'pid')
  const config = suite.folder.config(store.address, {
    pid_file: pidFile,
    template: [
      {
        destination: join(suite.folder.secrets, 'app'),
        contents: '{{ with secret "secret/data/app" }}{{ .Data.data.password }}{{ end }}',
        // As much as a pipe holds and a command may print.
        command: 'head -c 3000000 /dev/zero | tr "\\0" x; exit 1',
      },
    ],
    template_config: { static_secret_render_interval: '1s' },
  })
  const agent = `exec ${process.execPath} dist/agent.cjs agent -config=${suite.folder.write('agent.json', JSON.stringify(config))}`
  const child = spawn('sh', ['-c', `(${agent}) 2>&1 >/dev/null | sleep 300`], { detached: true })
  try {
    while (store.requests.length < 6) await pause()
    const pid = Number(readFileSync(pidFile, 'utf8'))
    process.kill(pid, 'SIGTERM')
    while (isRunning(pid)) await pause()
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGKILL')
  }
})

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50))
}

describe('a signal', () => {
  const signalling = (address: string) =>
    suite.folder.config(address, {
      template_config: {},
      template: [
        {
          destination: join(suite.folder.secrets, 'app'),
          contents: '{{ with secret "secret/data/app" }}{{ .Data.data.password }}{{ end }}',
          signal_process: 'app-under-test',
        },
      ],
    })

  test('reaches the process of that name', async () => {
    const script =
      "process.on('SIGHUP', () => process.exit(7)); setInterval(() => {}, 1000); console.log('ready')"
    const app = spawn(process.execPath, ['-e', script], {
      argv0: 'app-under-test',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await once(app.stdout, 'data')
    const store = await suite.start(working)
    const agent = suite.folder.start(signalling(store.address))
    expect(await once(app, 'exit')).toEqual([7, null])
    await agent.waitFor(/command run/)
  })

  test('to a process that is not there is tried again', async () => {
    const store = await suite.start(working)
    const agent = suite.folder.start(signalling(store.address))
    const failure = /command failed .*reason="there is no such process"/
    await agent.waitFor(failure)
    const seen = agent.lines.length
    await agent.waitFor(failure, seen)
  })
})

describe('the process that the agent supervises', () => {
  const supervising = (address: string, command: readonly string[], changes: object = {}) => {
    const { template: _, ...config } = { ...suite.folder.config(address), template: undefined }
    return {
      ...config,
      env_template: [
        {
          PASSWORD: {
            contents: '{{ with secret "secret/data/app" }}{{ .Data.data.password }}{{ end }}',
          },
        },
      ],
      exec: { command, ...changes },
      template_config: { static_secret_render_interval: '1s' },
    }
  }
  const path = { PATH: process.env['PATH'] ?? '' }

  test.each([
    ['exit 5', 5],
    ['kill -9 $$', 255],
  ])('that ends with %s ends the agent with %i', async (line, code) => {
    const store = await suite.start(working)
    const agent = suite.folder.start(supervising(store.address, ['sh', '-c', line]), path)
    expect(await agent.exited).toBe(code)
  })

  test('gets the secrets, and is started anew when one changes', async () => {
    let password = 'first'
    const store = await suite.start(({ path: asked }) =>
      asked.startsWith('auth/') ? loginAnswer : kvBody({ password }),
    )
    const command = ['sh', '-c', 'echo "has $PASSWORD"; exec sleep 300']
    const agent = suite.folder.start(supervising(store.address, command), path)
    await agent.waitFor(/has first/)
    password = 'second'
    await agent.waitFor(/has second/)
    await agent.stop()
    expect(await agent.exited).toBe(0)
  })

  test('that cannot be started ends the agent with 1', async () => {
    const store = await suite.start(working)
    const agent = suite.folder.start(supervising(store.address, ['/no/such/program']), path)
    expect(await agent.exited).toBe(1)
    expect(agent.lines.join('\n')).toContain('code=command_failed')
  })
})
