import { test } from '@jest/globals'
import { renderSettingDocs } from '../../../../core/stores/settings/setting-docs.ts'
import { expectGeneratedPart } from '../../../support/generated.ts'

test('docs/stores-in-pods.md has every type and setting; UPDATE_GOLDEN=1 writes it', () => {
  expectGeneratedPart('docs/stores-in-pods.md', 'settings', renderSettingDocs())
})
