/** A made laboratory for the soak: cases that share the names of their exhibits, hosts with a login and a key each. */
import { spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../../src/base/version.ts'

export const BIN = join(PROGRAM_ROOT, 'bin/seized.js')
/** Sizes of exhibits, in small files. */
const SIZES = [5, 300, 1200]
const LISTED = 'a neutral text that the list names\n'
const LEASE_SECONDS = 6

export interface SoakCase {
  readonly id: string
  readonly exhibits: readonly string[]
  readonly manifest: string
}

export interface SoakLab {
  readonly folder: string
  readonly config: string
  readonly cases: readonly SoakCase[]
  /** Configuration of the database's owner. */
  readonly owner: string
  /** Configurations by host. */
  readonly hosts: ReadonlyMap<string, string>
}

export function makeSoakLab(
  folder: string,
  exhibits: number,
  hosts: number,
  url: (login: string) => string,
): SoakLab {
  const list = `${createHash('sha256').update(LISTED).digest('hex')}\n`
  writeFileSync(join(folder, 'list.txt'), list)
  const base = {
    config: 1,
    hashsets: {
      'illegal@2026-11': {
        declared: 'illegal',
        file: join(folder, 'list.txt'),
        sha256: createHash('sha256').update(list).digest('hex'),
      },
    },
    profiles: { quick: { phases: 'inventory,known', allowWritableMount: true } },
    minFreeGB: 0,
    heads: join(folder, 'heads.jsonl'),
  }
  const config = join(folder, 'lab.json')
  writeFileSync(config, JSON.stringify(base))
  const hostOf = (name: string, login: string, more: object) => {
    const own = join(folder, name)
    const lab = {
      ...{ host: name, database: url(login), ledgers: join(own, 'ledgers') },
      ...{ collection: join(folder, 'collection'), leaseSeconds: LEASE_SECONDS, graceMinutes: 0, ...more },
    }
    for (const one of [lab.ledgers, lab.collection]) mkdirSync(one, { recursive: true })
    const file = join(own, 'lab.json')
    writeFileSync(file, JSON.stringify({ ...base, heads: join(own, 'heads.jsonl'), lab }))
    return file
  }
  const names = Array.from({ length: hosts }, (_, i) => `scan${i + 1}`)
  return {
    folder,
    config,
    cases: Array.from({ length: Math.min(hosts, exhibits) }, (_, i) =>
      makeCase(folder, `2026-${101 + i}`, countOf(exhibits, i, Math.min(hosts, exhibits))),
    ),
    owner: hostOf('owner', 'lab', {}),
    hosts: new Map(
      names.map((name) => {
        mkdirSync(join(folder, name))
        const signingKey = join(folder, name, 'host.key')
        newKey(signingKey)
        return [name, hostOf(name, name, { signingKey })]
      }),
    ),
  }
}

/** Ed25519, PKCS #8, as `openssl genpkey` writes it. */
export function newKey(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
}

function countOf(all: number, i: number, parts: number): number {
  return Math.floor(all / parts) + (i < all % parts ? 1 : 0)
}

/** Exhibits of all cases have the same names: a result in another case would not be noticed by its name. */
function makeCase(folder: string, id: string, count: number): SoakCase {
  const exhibits = Array.from({ length: count }, (_, i) => `EX-${String(i + 1).padStart(4, '0')}`)
  const at = (exhibit: string) => join(folder, 'exhibits', id, exhibit)
  for (const [i, exhibit] of exhibits.entries()) {
    mkdirSync(at(exhibit), { recursive: true })
    writeFileSync(join(at(exhibit), 'listed.txt'), LISTED)
    for (let n = 0; n < SIZES[i % SIZES.length]!; n++)
      writeFileSync(join(at(exhibit), `note-${n}.txt`), `${id} ${exhibit} ${n}\n`)
  }
  const manifest = join(folder, `${id}.manifest.json`)
  const scan = { hashsets: ['illegal@2026-11'] }
  writeFileSync(
    manifest,
    JSON.stringify({
      ...{ manifest: 1, case: id, examiner: 'A. Example', profile: 'quick' },
      exhibits: exhibits.map((exhibit) => ({ id: exhibit, image: at(exhibit), scan })),
    }),
  )
  return { id, exhibits, manifest }
}

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export function seized(...words: readonly string[]): Ran {
  return spawnSync(process.execPath, [BIN, ...words], { encoding: 'utf8', maxBuffer: 1 << 28 })
}

/** Evidence digests by `CASE/EXHIBIT`, of a run that is not disturbed. @throws Error when it does not end as it should */
export function undisturbed({ folder, config, cases }: SoakLab): Map<string, string> {
  const digests = new Map<string, string>()
  for (const { id, manifest } of cases) {
    const out = join(folder, 'undisturbed', id)
    const { stdout, stderr } = seized('batch', manifest, '--out', out, '--config', config, '--workers', '1')
    for (const line of stdout.split('\n').filter((one) => one.includes('"event":"outcome"'))) {
      const { exhibit, state, evidenceDigest } = JSON.parse(line)
      if (state !== 'finished') throw new Error(`${id}/${exhibit}: ${state} undisturbed; ${stderr}`)
      digests.set(`${id}/${exhibit}`, evidenceDigest)
    }
  }
  const all = cases.reduce((sum, one) => sum + one.exhibits.length, 0)
  if (new Set(digests.values()).size !== all)
    throw new Error(`${digests.size} of ${all} exhibits with ${new Set(digests.values()).size} digests`)
  return digests
}
