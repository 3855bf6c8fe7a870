/** The rows of the annotation table that say which other stores a pod's references may name. */
import { requiredText } from '../kinds/value-kinds.ts'
import { family } from './annotation.ts'

/** Part of the annotation table. */
export const storeAnnotations = {
  store: family(
    'store-',
    requiredText('a type and its settings, such as "aws region=eu-west-1 role_arn=arn:aws:iam::…"'),
    {
      class: 'gated',
      default: 'a store of the namespace, of the operator, or of the type `<name>`',
      since: '0.1.0',
      ours: true,
      agents: 'claviger',
      doc: 'Describes the store that references of the form `<name>:PATH` mean: its type, then settings as `key=value` with spaces between them and quotes around what holds spaces. The type may be left out where the name is one.',
    },
  ),
} as const
