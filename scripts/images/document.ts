/** A CycloneDX document: what an image holds, without time and chance, so that the same image has the same one. */
import type { Component } from './bundle-components.ts'

export interface Bom {
  readonly bomFormat: 'CycloneDX'
  readonly specVersion: '1.6'
  readonly version: 1
  readonly metadata: { readonly component: Component }
  readonly components: readonly Component[]
}

/** `name` is of the program. */
export function createBom(
  program: { readonly name: string; readonly version: string },
  components: readonly Component[],
): Bom {
  const purl = `pkg:generic/claviger-${program.name}@${program.version}`
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': purl,
        name: `claviger-${program.name}`,
        version: program.version,
        purl,
        licenses: [{ license: { id: 'Apache-2.0' } }],
      },
    },
    components,
  }
}

export function printBom(bom: Bom): string {
  return `${JSON.stringify(bom, null, 1)}\n`
}
