/** What is inside, for programs: CycloneDX 1.5 of the packages that the lock file names. */
import type { LockedPackage } from './tree.ts'

export function sbomOf(
  version: string,
  packages: readonly LockedPackage[],
  utc: string,
): Readonly<Record<string, unknown>> {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      timestamp: utc,
      component: { type: 'application', name: 'seized', version, 'bom-ref': `seized@${version}` },
    },
    components: packages.map(({ name, version: of, license, integrity, path }) => ({
      type: 'library',
      'bom-ref': path,
      name,
      version: of,
      purl: `pkg:npm/${name.replace('@', '%40')}@${of}`,
      // What npm states may be an expression of several.
      licenses: [{ expression: license }],
      ...(integrity?.startsWith('sha512-')
        ? {
            hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice(7), 'base64').toString('hex') }],
          }
        : {}),
    })),
  }
}
