/** Six exhibits that share contents, four folders and two phones as ZIP, scanned into one case for the soak. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { jpeg, seeded } from '../../fixtures/pictures.ts'
import { zipOf } from '../child/archives.ts'
import { seized as run, scanArgs } from '../e2e/seized.ts'
import { stateIn } from './exhibits.ts'

export interface SoakCase {
  readonly folder: string
  readonly dir: string
  readonly ledgers: readonly string[]
  readonly seized: (...args: string[]) => ReturnType<typeof run>
}

const EXHIBITS = ['LTU-01', 'LTU-02', 'LTU-03', 'LTU-04', 'PHONE-05', 'PHONE-06'] as const

/** @param contents distinct pictures of the case; each exhibit holds a third of them */
export async function soakCase(contents: number): Promise<SoakCase> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-soak-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const pictures: Buffer[] = []
  for (let seed = 1; seed <= contents; seed++) pictures.push(await jpeg({ seed, width: 64, height: 48 }))
  const ledgers: string[] = []
  for (const [i, exhibit] of EXHIBITS.entries()) {
    const random = seeded(i + 1)
    // Each picture lies on one exhibit at least.
    const held = pictures.filter((_, seed) => seed % EXHIBITS.length === i || random() < 0.2)
    const files = Object.fromEntries(held.map((bytes, n) => [`DCIM/IMG_${n}.jpg`, bytes]))
    const isPhone = exhibit.startsWith('PHONE')
    const path = join(folder, isPhone ? `${exhibit}.zip` : exhibit)
    if (isPhone) writeFileSync(path, zipOf(files))
    else {
      mkdirSync(join(path, 'DCIM'), { recursive: true })
      for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes)
    }
    const ledger = join(folder, `${exhibit}.sqlite`)
    const args = scanArgs(path, ledger, []).map((one, n, all) => (all[n - 1] === '--exhibit' ? exhibit : one))
    const { status, stderr } = run(
      isPhone ? args.filter((one) => one !== '--allow-writable-mount') : args,
      stateIn(folder),
    )
    if (![0, 3, 10, 13].includes(status ?? -1)) throw new Error(`${exhibit}: ${status} ${stderr}`)
    ledgers.push(ledger)
  }
  const seized = (...args: string[]) => run(args, stateIn(folder))
  const dir = join(folder, 'the-case')
  const from = ledgers.flatMap((one) => ['--from', one])
  const { status, stderr } = seized('case', 'init', 'T-1', '--dir', dir, ...from)
  if (status !== 0) throw new Error(stderr)
  return { folder, dir, ledgers, seized }
}
