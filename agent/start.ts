/** What `node dist/agent.cjs` starts: the agent's program, compiled already where there is a cache of it. Bundled as CommonJS. */
import { openProgram } from './open-program.ts'

openProgram(__dirname).runInThisContext()(require)
