/**
 * `npm run package [-- --out DIR --sign-key FILE --quick]`: the program with its Node as one archive, as a package of Debian and for
 * `npm install -g`, with digests, a list of what is inside, and a signature by a key of the laboratory. Ends with 1 when one is over
 * 200 MB. `--quick` compresses little, for tests of what is inside; such packages have no limit of size.
 *
 * Offline: everything comes from what package-lock.json installed here.
 */
import { execFileSync } from 'node:child_process'
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PROGRAM_ROOT, VERSION } from '../src/base/version.ts'
import { formatBytes } from '../src/report/texts/format.ts'
import { makeDeb } from './package/deb.ts'
import { makeNpm } from './package/npm.ts'
import { kilobytesOf, requireCompiled, setModes, timeOf } from './package/reproducible.ts'
import { sbomOf } from './package/sbom.ts'
import { copyPackages, copyProgram, lockedPackages } from './package/tree.ts'

const MOST_BYTES = 200e6

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'package-out' },
    'sign-key': { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})
const out = resolve(values.out)
const name = `seized-${VERSION}-${process.platform}-${process.arch}`
const tree = join(out, name)
rmSync(tree, { recursive: true, force: true })
mkdirSync(tree, { recursive: true })

requireCompiled(PROGRAM_ROOT)
const packages = lockedPackages(PROGRAM_ROOT)
copyProgram(PROGRAM_ROOT, tree)
const kept = copyPackages(PROGRAM_ROOT, packages, tree)
const node = join(tree, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
const parts = execFileSync(node, [join(tree, 'bin/seized.js'), 'parts'], { maxBuffer: 1 << 26 })
writeFileSync(join(tree, 'PARTS.sha256'), `${createHash('sha256').update(parts).digest('hex')}\n`)
console.log(
  `${packages.length} packages, ${kept.files} files, ${formatBytes(kept.bytes)}; ${formatBytes(kept.leftOutBytes)} left out: other systems, maps, type declarations, sources, fonts and builds that no run loads.`,
)

const unpacked = kilobytesOf(tree)
const archive = join(out, `${name}.tar.zst`)
const madeAt = timeOf(PROGRAM_ROOT)
// Of dpkg-deb.
process.env.SOURCE_DATE_EPOCH = String(madeAt)
setModes(tree)
execFileSync('tar', [
  ...['--sort=name', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${madeAt}`],
  ...['-I', `zstd ${values.quick ? '-3' : '-19'} --long=27 -T2`, '-cf', archive, '-C', out, name],
])
const deb = makeDeb(tree, VERSION, out, unpacked, values.quick)
const sbom = join(out, `${name}.cdx.json`)
writeFileSync(
  sbom,
  `${JSON.stringify(sbomOf(VERSION, packages, new Date(madeAt * 1000).toISOString()), null, 1)}\n`,
)

const files = [archive, deb, makeNpm(PROGRAM_ROOT, packages, out), sbom]
const sums = join(out, 'SHA256SUMS')
writeFileSync(sums, files.map((file) => `${sha256(file)}  ${basename(file)}\n`).join(''))
if (values['sign-key'] !== undefined) {
  const key = createPrivateKey(readFileSync(values['sign-key']))
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${values['sign-key']} is no Ed25519 key`)
  writeFileSync(`${sums}.sig`, sign(null, readFileSync(sums), key))
  writeFileSync(`${sums}.pub`, createPublicKey(key).export({ type: 'spki', format: 'pem' }))
} else console.log('Not signed: name an Ed25519 key with --sign-key.')

console.log(`unpacked ${formatBytes(unpacked * 1024)}`)
for (const file of readdirSync(out).filter((one) => one !== name))
  console.log(`${formatBytes(statSync(join(out, file)).size).padStart(7)}  ${join(out, file)}`)
if (!values.quick && files.some((file) => statSync(file).size > MOST_BYTES)) {
  console.error(`Over ${formatBytes(MOST_BYTES)}.`)
  process.exitCode = 1
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
