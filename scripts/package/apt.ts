/**
 * `node dist/scripts/package/apt.js --deb FILE --out FOLDER`: the layout of an apt repository around the Debian package, for a
 * laboratory's own server or a stick. Signing is the laboratory's: `gpg --clearsign -o InRelease Release`.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { timeOf } from './reproducible.ts'

const SUITE = 'stable'
const DEB_ARCHITECTURE = /_([a-z0-9]+)\.deb$/

/**
 * Writes `pool/main/s/seized/x.deb` and `dists/stable/{Release,main/binary-ARCH/Packages{,.gz}}`.
 * @param seconds since 1970: the date of the Release file, so that one package gives one repository, byte for byte
 */
export function makeAptRepository(deb: string, out: string, seconds: number): void {
  const architecture = DEB_ARCHITECTURE.exec(basename(deb))?.[1]
  if (architecture === undefined) throw new Error(`${deb} is not named like a Debian package`)
  const pool = 'pool/main/s/seized'
  const index = `main/binary-${architecture}`
  const dist = join(out, 'dists', SUITE)
  mkdirSync(join(out, pool), { recursive: true })
  mkdirSync(join(dist, index), { recursive: true })
  const filename = join(pool, basename(deb))
  copyFileSync(deb, join(out, filename))
  const packages = Buffer.from(stanza(deb, filename))
  const files: readonly (readonly [string, Buffer])[] = [
    [`${index}/Packages`, packages],
    [`${index}/Packages.gz`, gzipSync(packages, { level: 9 })],
  ]
  for (const [name, bytes] of files) writeFileSync(join(dist, name), bytes)
  writeFileSync(
    join(dist, 'Release'),
    [
      'Origin: seized',
      'Label: seized',
      `Suite: ${SUITE}`,
      `Codename: ${SUITE}`,
      `Date: ${new Date(seconds * 1000).toUTCString().replace('GMT', 'UTC')}`,
      `Architectures: ${architecture}`,
      'Components: main',
      'SHA256:',
      ...files.map(([name, bytes]) => ` ${sha256(bytes)} ${bytes.length} ${name}`),
      '',
    ].join('\n'),
  )
}

function stanza(deb: string, filename: string): string {
  const bytes = readFileSync(deb)
  const control = execFileSync('dpkg-deb', ['-f', deb], { encoding: 'utf8' }).trimEnd()
  return `${control}\nFilename: ${filename}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n`
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

if (process.argv[1]?.endsWith('apt.js')) {
  const { values } = parseArgs({ options: { deb: { type: 'string' }, out: { type: 'string' } } })
  if (values.deb === undefined || values.out === undefined)
    throw new Error('Give --deb FILE and --out FOLDER.')
  makeAptRepository(values.deb, values.out, timeOf(PROGRAM_ROOT))
  console.log(`apt repository: ${values.out}`)
}
