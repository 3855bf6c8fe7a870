/** The sections, in their order on the page. */
import type { SectionRow } from '../measure/bench.ts'
import { benchSidecars } from './sidecar.ts'
import { benchStarts } from './start.ts'

export const sections: readonly SectionRow[] = [
  { name: 'sidecar', title: 'The sidecar', run: benchSidecars },
  { name: 'start', title: 'Process start', run: benchStarts },
]
