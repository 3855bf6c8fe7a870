/** What `node dist/agent.cjs` starts: the agent's program, compiled already where there is a cache of it. Bundled as CommonJS. */
import { runProgram } from './open-program.ts'

runProgram(__dirname, require)
