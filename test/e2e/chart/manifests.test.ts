/** manifests/ describes what the chart describes. UPDATE_GOLDEN=1 writes the base. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { expectGenerated } from '../../support/generated.ts'
import {
  kustomize,
  manifests,
  normalise,
  renderChart,
  writeBase,
  writeManifest,
} from './manifests.ts'
import { findKind } from './render.ts'

const overlays = readdirSync(join(manifests, 'overlays'))
const namespaceDefaults = join(manifests, 'components/namespace-defaults')

test('the base is made from the chart', async () => {
  for (const [file, text] of writeBase(await renderChart())) expectGenerated(file, text)
})

test('so is what the component namespace-defaults changes of the admission policy', async () => {
  const objects = await renderChart([join(namespaceDefaults, 'values.yaml')])
  const { spec } = Object(findKind(objects, 'ValidatingAdmissionPolicy'))
  const patch = [{ op: 'replace', path: '/spec', value: spec }]
  expectGenerated(join(namespaceDefaults, 'admission-policy-patch.yaml'), writeManifest([patch]))
})

test('there are three overlays', () => {
  expect(overlays).toEqual(['dev', 'production', 'staging'])
})

describe.each(['base', ...overlays.map((name) => `overlays/${name}`)])('%s', (path) => {
  test('is what the chart makes of its values', async () => {
    const folder = join(manifests, path)
    const values = join(folder, 'values.yaml')
    expect(existsSync(values)).toBe(true)
    const wanted = await renderChart(path === 'base' ? [] : [values])
    expect(normalise(await kustomize(folder))).toEqual(normalise(wanted))
  })
})

describe.each(readdirSync(join(manifests, 'components')))('the component %s', (name) => {
  const component = join(manifests, 'components', name)
  const folder = mkdtempSync(join(tmpdir(), 'claviger-overlay-'))

  afterAll(() => rmSync(folder, { recursive: true }))

  test('over the base is what the chart makes of its values', async () => {
    const overlay = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [relative(folder, join(manifests, 'base'))],
      components: [relative(folder, component)],
    }
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(overlay))
    const wanted = await renderChart([join(component, 'values.yaml')])
    expect(normalise(await kustomize(folder))).toEqual(normalise(wanted))
  })
})
