/** The sections, in their order on the page. */
import type { SectionRow } from '../measure/bench.ts'
import { benchAccounts } from './accounts.ts'
import { benchAdmissions, benchContainers } from './admissions.ts'
import { benchFleet } from './fleet.ts'
import { benchImages } from './images.ts'
import { benchSecrets } from './secrets.ts'
import { benchSidecars } from './sidecar.ts'
import { benchStarts } from './start.ts'
import { benchStores } from './stores.ts'
import { benchTemplateSizes, benchTemplates } from './templates.ts'

export const sections: readonly SectionRow[] = [
  { name: 'sidecar', title: 'The sidecar', run: benchSidecars },
  { name: 'accounts', title: 'The sidecar’s account', run: benchAccounts },
  { name: 'stores', title: 'Stores of a pod', run: benchStores },
  { name: 'start', title: 'Process start', run: benchStarts },
  { name: 'admission', title: 'Admissions', run: benchAdmissions },
  { name: 'templates', title: 'Templates', run: benchTemplates },
  { name: 'fleet', title: 'A fleet on one store', run: benchFleet },
  { name: 'images', title: 'Images', run: benchImages },
  { name: 'growth-secrets', title: 'Growth: secrets of an agent', run: benchSecrets },
  { name: 'growth-containers', title: 'Growth: containers of a pod', run: benchContainers },
  { name: 'growth-templates', title: 'Growth: sizes of templates', run: benchTemplateSizes },
]
