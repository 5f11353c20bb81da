/** Every part of the release gate, in the order in which they run. */

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import type { ValidationPlan } from '../../src/validate/plan.ts'
import type { ValidationRecord } from '../../src/validate/record.ts'
import { BUILT, type Claim, type Part, type PartWork } from './part.ts'

/** Those of bench/main.ts that state a limit or compare with a peer. */
const BENCHES = ['known', 'image', 'media', 'hashset', 'near', 'pdq', 'text', 'device', 'report'] as const

const node = process.execPath
const SEIZED = join(PROGRAM_ROOT, 'bin/seized.js')

export const PARTS: readonly Part[] = [
  {
    id: 'licences',
    what: 'every package that a run may load has a licence that is written down',
    work: licences,
  },
  { id: 'models', what: 'models are made again from pinned packages, byte for byte', work: models },
  {
    id: 'package',
    what: 'the package is built twice with the same bytes and lists what is inside',
    work: packaged,
  },
  { id: 'validation', what: 'the full validation', work: validation },
  { id: 'faults', what: 'seeded faults are found by the validation', work: faults },
  { id: 'soak', what: 'disturbed runs come to the digests of undisturbed ones', work: soak },
  ...BENCHES.map(
    (name): Part => ({
      id: `bench-${name}`,
      what: `npm run bench -- ${name}`,
      work: (work) => bench(name, work),
    }),
  ),
]

async function licences({ run }: PartWork): Promise<readonly Claim[]> {
  const { code } = await run(node, [join(PROGRAM_ROOT, 'scripts/third-party.js'), '--check'])
  return [said('THIRD-PARTY.md names every package with its licence', 'as package-lock.json', code === 0)]
}

async function models({ run }: PartWork): Promise<readonly Claim[]> {
  const { code, out } = await run(node, [BUILT('scripts/convert-models.js')])
  const same = out.split('\n').filter((line) => line.endsWith('as pinned')).length
  const listed = await run(node, [SEIZED, 'model', 'verify'])
  return [
    {
      claim: 'models are made again from the packages that are pinned',
      limit: 'all of them, byte for byte',
      measured: `${same} as pinned`,
      met: code === 0 && same > 0,
    },
    said('every model is what its card pins', 'seized model verify', listed.code === 0),
  ]
}

/** The date of a build is that of the commit. */
async function packaged({ run, folder }: PartWork): Promise<readonly Claim[]> {
  const { out: when } = await run('git', ['log', '-1', '--format=%ct'])
  const env = { SOURCE_DATE_EPOCH: when.trim() || '0' }
  const sums: string[] = []
  const codes: (number | null)[] = []
  let [components, bytes] = [0, '']
  for (const turn of ['first', 'second']) {
    const out = join(folder, turn)
    codes.push((await run(node, [BUILT('scripts/package.js'), '--out', out], env)).code)
    sums.push(existsSync(join(out, 'SHA256SUMS')) ? readFileSync(join(out, 'SHA256SUMS'), 'utf8') : turn)
    const sbom = readdirSync(out).find((name) => name.endsWith('.cdx.json'))
    if (sbom !== undefined) components = JSON.parse(readFileSync(join(out, sbom), 'utf8')).components.length
    bytes = sums.at(-1)!
    rmSync(out, { recursive: true, force: true })
  }
  return [
    said(
      'the package is within 200 MB',
      'archive and package of Debian',
      codes.every((code) => code === 0),
    ),
    {
      claim: 'the package is reproducible',
      limit: 'two builds, the same digests',
      measured: sums[0] === sums[1] ? digestOf(bytes) : 'digests differ',
      met: sums[0] === sums[1],
    },
    {
      claim: 'an SBOM (CycloneDX) lists what is inside',
      limit: 'every package of the lock file that is shipped',
      measured: `${components} components`,
      met: components > 0,
    },
  ]
}

async function validation({ run, folder }: PartWork): Promise<readonly Claim[]> {
  const planFile = join(folder, 'plan.json')
  if (!existsSync(planFile)) {
    mkdirSync(folder, { recursive: true })
    const { out } = await run(node, [SEIZED, 'validate', 'plan', '--full'])
    const plan: ValidationPlan = JSON.parse(out)
    writeFileSync(
      planFile,
      JSON.stringify({ ...plan, laboratory: 'the makers of seized', people: ['release gate'] }, null, 1),
    )
  }
  const seen = join(folder, 'seen')
  const { code } = await run(node, [SEIZED, 'validate', 'run', planFile, '--out', seen])
  if (code !== 0 && code !== 4) throw new Error(`the validation ended with ${code}`)
  const record: ValidationRecord = JSON.parse(readFileSync(join(seen, 'record.json'), 'utf8'))
  return [
    ...record.results.map(({ requirement, n, failures, verdict, accepted }): Claim => {
      const { accept } = requirement
      return {
        claim: `${requirement.id}: ${requirement.requirement}`,
        limit:
          accept.kind === 'none-fails'
            ? `no failure, at least ${accept.least} checks`
            : `lower bound at least ${accept.share}, at least ${accept.least} checks`,
        measured: `${failures} of ${n} failed${accepted === null ? '' : `; ${share(accepted.low)} – ${share(accepted.high)} held`}`,
        met: verdict === 'pass',
      }
    }),
    ...record.deviations.map((one): Claim => ({ claim: 'deviation', limit: '', measured: one, met: null })),
  ]
}

async function faults({ run }: PartWork): Promise<readonly Claim[]> {
  const { code, out } = await run(node, [BUILT('scripts/faults/main.js')])
  const lines = out.split('\n')
  const count = (beginning: string) => lines.filter((line) => line.startsWith(beginning)).length
  return [
    {
      claim: 'the validation finds every seeded fault, and nothing in the program as it is',
      limit: 'at least 30, none missed',
      measured: `${count('found ')} found, ${count('NOT FOUND')} not found, ${count('NOT CLEAN')} scenarios not clean`,
      met: code === 0 && count('found ') >= 30,
    },
  ]
}

async function soak({ run, soakRuns }: PartWork): Promise<readonly Claim[]> {
  const { code, out } = await run(node, [BUILT('scripts/soak/kills.js'), `${soakRuns}`])
  return [
    {
      claim: 'a run that is killed, stopped or short of room comes to the digests of an undisturbed one',
      limit: `${soakRuns} runs, none differs`,
      measured: out.trim().split('\n').at(-1) ?? '',
      met: code === 0,
    },
  ]
}

/** What a bench judges itself stands in its lines as “met” or “NOT met”; the rest are figures without a limit. */
async function bench(name: string, { run }: PartWork): Promise<readonly Claim[]> {
  const { code, out } = await run(node, [BUILT('bench/main.js'), name])
  if (code !== 0) throw new Error(`the bench ended with ${code}`)
  const lines = out.split('\n').map((line) => line.trim())
  const judged = lines.filter((line) => /limit/.test(line) && /\bmet\b/.test(line))
  return [
    ...judged.map(
      (line): Claim => ({
        claim: `bench ${name}`,
        limit: 'stands in the line',
        measured: line,
        met: !/NOT met/.test(line),
      }),
    ),
    ...lines
      .filter((line) => line !== '' && !line.startsWith('──') && !judged.includes(line))
      .slice(-MOST_FIGURES)
      .map((line): Claim => ({ claim: `bench ${name}`, limit: 'none stated', measured: line, met: null })),
  ]
}

const MOST_FIGURES = 12

function said(claim: string, limit: string, met: boolean): Claim {
  return { claim, limit, measured: met ? 'so' : 'not so', met }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

const share = (of: number) => `${(of * 100).toFixed(1)} %`
