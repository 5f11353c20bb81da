/**
 * `npm run demo`: makes the synthetic exhibit, scans it as an examiner would, and compares the export with the expected
 * answers. Exit 0 only when every entry agrees.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { compareWithExpected } from '../fixtures/compare.ts'
import { type DemoImage, makeDemoImage } from '../fixtures/demo-image.ts'
import { makeFixture } from '../fixtures/make.ts'
import { PROGRAM_ROOT } from '../src/base/version.ts'

const folder = join(PROGRAM_ROOT, 'demo-out')
rmSync(folder, { recursive: true, force: true })
const fixture = await makeFixture(folder)
console.log(`A synthetic exhibit of ${fixture.expected.length} entries lies in ${fixture.exhibit}.\n`)

const ledger = join(folder, 'case.sqlite')
const lists = [
  `illegal:${fixture.lists.illegal}`,
  `vics-us:${fixture.lists.vics}`,
  `known:${fixture.lists.known}`,
]
const scanned = seized(
  'scan',
  fixture.exhibit,
  '--case',
  'DEMO-1',
  '--exhibit',
  'DEMO-EX-1',
  '--examiner',
  'Demo Examiner',
  ...lists.flatMap((list) => ['--hashset', list]),
  '--ledger',
  ledger,
  '--allow-writable-mount',
  '--progress',
  'lines',
)
seized('report', ledger, '--format', 'jsonl', '--out', join(folder, 'entries.jsonl'))
seized('report', ledger, '--format', 'html', '--out', join(folder, 'report.html'))
const verified = seized('verify', ledger)

const lines = existsSync(join(folder, 'entries.jsonl'))
  ? readFileSync(join(folder, 'entries.jsonl'), 'utf8').trim().split('\n')
  : []
const disagreements = compareWithExpected(
  fixture.expected,
  lines.map((line) => JSON.parse(line)),
)
for (const disagreement of disagreements.slice(0, 20)) console.log(`DIFFERENT  ${disagreement}`)
if (disagreements.length > 20) console.log(`… and ${disagreements.length - 20} more`)

const image = await makeDemoImage(folder)
console.log(`\nA disk image with two partitions and deleted files lies in ${image.file}.\n`)
const imageLedger = join(folder, 'image.sqlite')
const described = seized('image', image.file)
const imageScanned = seized(
  'scan',
  image.file,
  '--case',
  'DEMO-1',
  '--exhibit',
  'DEMO-EX-2',
  '--examiner',
  'Demo Examiner',
  '--hashset',
  `illegal:${image.list}`,
  '--ledger',
  imageLedger,
  '--progress',
  'lines',
)
seized('report', imageLedger, '--format', 'jsonl', '--out', join(folder, 'image.jsonl'))
const imageVerified = seized('verify', imageLedger)
const imageDiffers = imageDisagreements(image, join(folder, 'image.jsonl'))
for (const disagreement of imageDiffers) console.log(`DIFFERENT  ${disagreement}`)

// 13: findings, coverage incomplete. The sparse file is not read, and neither is what was overwritten; nobody may call that complete.
const agreed =
  disagreements.length + imageDiffers.length === 0 &&
  [scanned, verified, described, imageScanned, imageVerified].join() === '13,0,0,13,0'
console.log(`
ledger  ${ledger}
report  ${join(folder, 'report.html')}
export  ${join(folder, 'entries.jsonl')}

${
  agreed
    ? `The demo agrees with all ${fixture.expected.length + image.hits.length + image.unread.length} expected answers.`
    : `The demo does NOT agree: ${disagreements.length + imageDiffers.length} answers differ; exits ${[scanned, verified, described, imageScanned, imageVerified].join(', ')} (expected 13, 0, 0, 13, 0).`
}`)
process.exit(agreed ? 0 : 1)

function seized(...args: string[]): number | null {
  console.log(
    `$ seized ${args.map((arg) => (/^[\w./:=-]+$/.test(arg) ? arg : JSON.stringify(arg))).join(' ')}`,
  )
  return spawnSync(process.execPath, [join(PROGRAM_ROOT, 'bin/seized.js'), ...args], { stdio: 'inherit' })
    .status
}

/** Every hit that is expected, no other, and what is expected to stay unread. */
function imageDisagreements({ hits, unread }: DemoImage, file: string): string[] {
  const entries = existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : []
  const found = entries
    .filter((entry) => entry.hits.length > 0)
    .map(({ path, sha256 }) => `${path.replace(/ » record .*/, '')} ${sha256}`)
  const expected = hits.map(({ path, sha256 }) => `${path} ${sha256}`)
  const unexpected = found.filter((one) => !expected.includes(one)).map((one) => `an unexpected hit: ${one}`)
  const missing = expected.filter((one) => !found.includes(one)).map((one) => `a missing hit: ${one}`)
  const wrong = unread.filter(
    ({ path, reason }) =>
      !entries.some((entry) => entry.path.startsWith(path) && entry.stages.read.reason === reason),
  )
  return [...unexpected, ...missing, ...wrong.map(({ path, reason }) => `${path} is not "${reason}"`)]
}
