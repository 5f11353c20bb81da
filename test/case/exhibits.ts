/** Ledgers of real scans of small exhibits that share contents, for the tests of a case. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { custodyPath } from '../../src/ledger/custody/custody.ts'
import { seized as run, scanArgs } from '../e2e/seized.ts'

/** By exhibit: name of each file, and the seed of its picture. Equal seeds are equal contents. */
const EXHIBITS = {
  'LTU-03': { 'DCIM/a.jpg': 1, 'DCIM/b.jpg': 2, 'only-03.jpg': 3 },
  'LTU-07': { 'backup/one.jpg': 1, 'backup/again.jpg': 1, 'only-07.jpg': 4 },
  'LTU-09': { 'x/b-renamed.jpg': 2, 'x/a-renamed.jpg': 1 },
} as const satisfies Record<string, Record<string, number>>

export type ExhibitId = keyof typeof EXHIBITS

/** A state folder of its own: no head of another test is seen. */
export const stateIn = (folder: string) => ({ XDG_STATE_HOME: join(folder, 'state') })

export interface Scanned {
  readonly folder: string
  /** Folder of the files of an exhibit. */
  readonly root: (exhibit: ExhibitId) => string
  readonly ledger: (exhibit: ExhibitId) => string
}

export async function picture(seed: number): Promise<Buffer> {
  return jpeg({ seed, width: 160, height: 120 })
}

/** Scans all exhibits. @param lists as `--hashset` takes them @param more further options by exhibit */
export async function scanAll(
  lists: readonly string[] = [],
  more: Partial<Record<ExhibitId, readonly string[]>> = {},
): Promise<Scanned> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-case-'))
  for (const [exhibit, files] of Object.entries(EXHIBITS)) {
    const root = join(folder, exhibit)
    for (const [name, seed] of Object.entries(files)) {
      mkdirSync(join(root, name, '..'), { recursive: true })
      writeFileSync(join(root, name), await picture(seed))
    }
    const args = scanArgs(
      root,
      join(folder, `${exhibit}.sqlite`),
      lists,
      ...(more[exhibit as ExhibitId] ?? []),
    )
    const named = args.map((one, i) => (args[i - 1] === '--exhibit' ? exhibit : one))
    const { status, stderr } = run(named, stateIn(folder))
    if (![0, 3, 10, 13].includes(status ?? -1)) throw new Error(`${exhibit}: ${status} ${stderr}`)
  }
  return {
    folder,
    root: (exhibit) => join(folder, exhibit),
    ledger: (exhibit) => join(folder, `${exhibit}.sqlite`),
  }
}

export function remove({ folder }: Scanned): void {
  rmSync(folder, { recursive: true, force: true })
}

export interface Copies {
  readonly folder: string
  readonly dir: string
  readonly ledger: (exhibit: ExhibitId) => string
  readonly seized: (...args: string[]) => ReturnType<typeof run>
}

/** Copies of the ledgers in a folder that goes when the test ends; `dir` is where its case will be. */
export function copiesOf(scanned: Scanned): Copies {
  const folder = mkdtempSync(join(tmpdir(), 'seized-case-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const ledger = (exhibit: ExhibitId) => join(folder, `${exhibit}.sqlite`)
  for (const exhibit of Object.keys(EXHIBITS) as ExhibitId[])
    for (const of of [(path: string) => path, custodyPath])
      if (existsSync(of(scanned.ledger(exhibit))))
        copyFileSync(of(scanned.ledger(exhibit)), of(ledger(exhibit)))
  return { folder, dir: join(folder, 'the-case'), ledger, seized: (...args) => run(args, stateIn(folder)) }
}

/** The same with a case of all exhibits. */
export function caseOf(scanned: Scanned): Copies {
  const copies = copiesOf(scanned)
  const ledgers = (Object.keys(EXHIBITS) as ExhibitId[]).flatMap((one) => ['--from', copies.ledger(one)])
  const { status, stderr } = copies.seized('case', 'init', 'T-1', '--dir', copies.dir, ...ledgers)
  if (status !== 0) throw new Error(stderr)
  return copies
}
