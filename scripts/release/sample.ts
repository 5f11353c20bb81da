/**
 * `npm run sample [-- --out FOLDER]`: a sample for whoever wants to look before installing: a generated exhibit, its list, a sealed
 * ledger with a decision, the court's edition as PDF, the deployer's sheet and every exchange format, with digests, as one archive.
 *
 * One commit gives one archive, byte for byte: the clock stands at the commit's time (scripts/release/still.mjs says what else stands).
 * `--digests FILE` also writes the digests of what depends on neither the commit nor the machine, with the clock at a time of its own,
 * behind a line of the processor's features: scores are the same for the same features.
 * `npm run sample -- --digests fixtures/sample-digests.txt` renews those that the test compares.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { makeDemoImage } from '../../fixtures/demo-image.ts'
import { PROGRAM_ROOT, VERSION } from '../../src/base/version.ts'
import { processorFeatures } from '../../src/cli/services/tool-info.ts'
import { timeOf } from '../package/reproducible.ts'

const { values } = parseArgs({
  options: { out: { type: 'string', default: 'sample-out' }, digests: { type: 'string' } },
})
/** 2026-03-01, in seconds since 1970. */
if (values.digests !== undefined) process.env.SOURCE_DATE_EPOCH = '1772323200'
/** A ledger states where its exhibit was: the folder has one name on every machine. */
const WORK = '/tmp/seized-sample'
const NAME = `seized-sample-${VERSION}`
/** Findings, and coverage that is incomplete: one picture was overwritten. */
const FINDINGS_AND_GAPS = 13
/** What is neither packed nor typeset: a ledger states the program's digest and what the kernel refused, and a report shows both. */
const UNVARYING =
  /^(?:exhibit\.dd|list\.txt|hashdeep\.txt|entries\..*|decisions\.csv|vics\.json|c(?:ase|ac)\.jsonld|dfxml\.xml|timesketch\.jsonl)$/
/** A ledger states whether its processes gave up root: root makes the sample as an ordinary account. */
const NOBODY = 65534
const isRoot = process.getuid?.() === 0

/** Written as a template without anything of this machine: it is part of the bytes that are compared. */
const README = `A sample of seized ${VERSION}: drawn test pictures on a generated disk image, nothing else.

exhibit.dd            image with two partitions; some pictures were deleted, one was overwritten
list.txt              list of SHA-256 digests, four of the pictures
case.sqlite           the sealed ledger; case.sqlite.custody.sqlite is its custody log
report.html           the working edition; court-en.pdf, court-lt.pdf: the court's edition
deployer-en.pdf       the deployer's sheet (AI Act)
entries.*, vics.json, case.jsonld, cac.jsonld, dfxml.xml, timesketch.jsonl, lava.zip, hashdeep.txt, decisions.csv: exports
review.png            the page of the review, of another exhibit

Check:      sha256sum -c SHA256SUMS
With seized: seized verify case.sqlite

Made with a clock that stood still at the time of the program's commit, with counted instead of random bytes, and with constants for inode,
device, account and host, so that two machines give the same bytes. A ledger of a case has all of these as they are.
The names are invented. Nothing here is or shows abuse material.
`

// Fails where another user made it: nothing is written into a folder that is not ours.
mkdirSync(WORK, { mode: 0o700 })
try {
  const folder = join(WORK, NAME)
  mkdirSync(folder, { mode: 0o755 })
  if (isRoot) for (const one of [WORK, folder]) chownSync(one, NOBODY, NOBODY)
  const { file, list, hits } = await makeDemoImage(WORK)
  renameSync(file, join(folder, 'exhibit.dd'))
  renameSync(list, join(folder, 'list.txt'))
  if (isRoot) for (const name of readdirSync(folder)) chownSync(join(folder, name), NOBODY, NOBODY)
  examine(folder, hits[0]!.sha256)
  writeFileSync(join(folder, 'README.txt'), README)
  copyFileSync(join(PROGRAM_ROOT, 'docs/guide/pictures/review.png'), join(folder, 'review.png'))
  const names = readdirSync(folder).sort()
  writeFileSync(
    join(folder, 'SHA256SUMS'),
    names.map((name) => `${sha256(join(folder, name))}  ${name}\n`).join(''),
  )
  if (values.digests !== undefined) writeFileSync(values.digests, unvarying(folder))
  const out = resolve(values.out)
  mkdirSync(out, { recursive: true })
  const archive = join(out, `${NAME}.tar.zst`)
  execFileSync('tar', [
    ...['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX'],
    ...[`--mtime=@${timeOf(PROGRAM_ROOT)}`, '-I', 'zstd -19', '-cf', archive, '-C', WORK, NAME],
  ])
  writeFileSync(join(out, 'SHA256SUMS'), `${sha256(archive)}  ${NAME}.tar.zst\n`)
  console.log(`${archive}\nSHA-256 ${sha256(archive)}, ${names.length + 1} files`)
} finally {
  rmSync(WORK, { recursive: true, force: true })
}

function examine(folder: string, decided: string): void {
  const operator = ['--operator', 'A. Example']
  seized(folder, FINDINGS_AND_GAPS, [
    ...['scan', 'exhibit.dd', '--case', 'SAMPLE-1', '--exhibit', 'S-1', '--examiner', 'A. Example'],
    ...['--hashset', 'illegal:list.txt', '--ledger', 'case.sqlite', '--workers', '1'],
  ])
  seized(folder, 0, [
    ...['decide', 'case.sqlite', '--sha256', decided, '--scale', 'vics-us', '--category', '0'],
    ...['--note', 'a drawn test picture', ...operator],
  ])
  const reports: readonly (readonly [name: string, ...options: string[]])[] = [
    ['report.html', '--format', 'html'],
    ...['en', 'lt'].map((language): [string, ...string[]] => [
      `court-${language}.pdf`,
      ...['--format', 'pdf', '--edition', 'court', '--language', language],
    ]),
    ['deployer-en.pdf', '--format', 'pdf', '--edition', 'deployer'],
    ['entries.jsonl', '--format', 'jsonl'],
    ['entries.csv', '--format', 'csv'],
    ['decisions.csv', '--format', 'decisions'],
    ['vics.json', '--format', 'vics', '--scale', 'vics-us'],
    ['case.jsonld', '--format', 'case'],
    ['cac.jsonld', '--format', 'cac'],
    ['dfxml.xml', '--format', 'dfxml'],
    ['timesketch.jsonl', '--format', 'timesketch', '--assume-zone', 'UTC'],
    ['lava.zip', '--format', 'lava'],
    ['hashdeep.txt', '--format', 'hashdeep'],
  ]
  for (const [name, ...options] of reports)
    seized(folder, 0, ['report', 'case.sqlite', '--out', name, ...options, ...operator])
}

/** @throws when the program ends with another exit code than `expected` */
function seized(folder: string, expected: number, args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [join(PROGRAM_ROOT, 'bin/seized.js'), ...args], {
    cwd: folder,
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      ...{ HOME: WORK, XDG_STATE_HOME: WORK, XDG_CACHE_HOME: WORK, TMPDIR: WORK },
      ...{ TZ: 'UTC', LC_ALL: 'C.UTF-8', SOURCE_DATE_EPOCH: String(timeOf(PROGRAM_ROOT)) },
      // An address has no blank, which would end the option.
      NODE_OPTIONS: `--import ${pathToFileURL(join(PROGRAM_ROOT, 'scripts/release/still.mjs'))}`,
    },
  })
  if (status !== expected) throw new Error(`seized ${args.join(' ')}: exit code ${status}\n${stderr}`)
}

/** Digests of those files, in which every digest but those of contents is zeros: the others follow from the program's own. */
function unvarying(folder: string): string {
  const entries = readFileSync(join(folder, 'entries.jsonl'), 'utf8').trim().split('\n')
  const contents = new Set(
    entries.flatMap((line) => {
      const { sha256, blake3 } = JSON.parse(line) as { sha256: string | null; blake3: string | null }
      return [sha256, blake3]
    }),
  )
  const lines = readdirSync(folder)
    .filter((name) => UNVARYING.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'latin1')
      const bytes = text.replace(/\b[0-9a-f]{64}\b/g, (one) => (contents.has(one) ? one : '0'.repeat(64)))
      return `${digest(Buffer.from(bytes, 'latin1'))}  ${name}\n`
    })
  return [`${processorFeatures()}\n`, ...lines].join('')
}

function sha256(file: string): string {
  return digest(readFileSync(file))
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
