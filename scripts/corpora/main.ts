/**
 * `npm run corpora -- FOLDER [--only TEXT] [--out TABLE] [--json FILE]`: examines public samples and compares with a second reader. The folder may
 * have any shape: samples are found by their SHA-256, and none is part of this project. Ends with 1 where a difference is not
 * the one that scripts/corpora/samples.json explains.
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { compared } from './compare.ts'
import { digest } from './readers.ts'
import { asExplained, type Compared, type Sample } from './sample.ts'
import { tableOf } from './table.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, out: { type: 'string' }, json: { type: 'string' } },
})
const [root] = positionals
if (root === undefined) throw new Error('Name the folder with the samples.')

const all: readonly Sample[] = JSON.parse(
  readFileSync(join(PROGRAM_ROOT, 'scripts/corpora/samples.json'), 'utf8'),
)
const samples = all.filter(({ corpus, name, expected }) =>
  `${corpus} ${name} ${expected.by}`.includes(values.only ?? ''),
)
const byDigest = digestsIn(resolve(root))
const work = mkdtempSync(join(tmpdir(), 'seized-corpora-'))
const seen: Compared[] = []
const absent: Sample[] = []
try {
  for (const [i, sample] of samples.entries()) {
    const files = [sample.sha256, ...(sample.with ?? [])].map((sha256) => byDigest.get(sha256))
    if (files.includes(undefined)) {
      absent.push(sample)
      continue
    }
    const folder = join(work, `${i}`)
    mkdirSync(join(folder, 'sample'), { recursive: true })
    for (const file of files) copyFileSync(file!, join(folder, 'sample', basename(file!)))
    const one = compared(sample, join(folder, 'sample', basename(files[0]!)), folder)
    seen.push(one)
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(seen, null, 1))
    console.log(
      `${asExplained(one) ? 'as said  ' : 'DIFFERS  '} ${sample.name}: ${one.seen} of ${one.expected} by ${sample.expected.by}, ${one.more.length} more; ${one.ending}`,
    )
    if (!asExplained(one))
      for (const [what, names] of Object.entries({ missing: one.missing, more: one.more }))
        if (names.length > 0) console.log(`    ${what}: ${names.slice(0, 6).join(', ')}`)
    rmSync(folder, { recursive: true, force: true })
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
for (const { name } of absent) console.log(`absent     ${name}`)
const differing = seen.filter((one) => !asExplained(one)).length
console.log(
  `${seen.length} of ${samples.length} samples examined, ${differing} differ in another way than explained`,
)
if (values.out !== undefined) writeFileSync(values.out, tableOf(seen))
process.exit(differing === 0 ? 0 : 1)

function digestsIn(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name)
      found.set(digest(readFileSync(path)), path)
    }
  return found
}
