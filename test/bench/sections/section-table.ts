/** The sections, in their order on the page. */
import type { SectionRow } from '../measure/bench.ts'
import { benchStarts } from './start.ts'

export const sections: readonly SectionRow[] = [
  { name: 'start', title: 'Process start', run: benchStarts },
]
