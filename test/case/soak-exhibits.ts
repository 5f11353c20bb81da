/** Six exhibits that share contents, four disk images and two phones as ZIP, scanned into one case for the soak. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
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

/** What a folder of one cluster holds, with a reserve. */
const FOLDER = 50

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
    const isPhone = exhibit.startsWith('PHONE')
    const path = join(folder, isPhone ? `${exhibit}.zip` : `${exhibit}.img`)
    if (isPhone) {
      const files = held.map((bytes, n) => [`data/media/0/DCIM/Camera/IMG_${n}.jpg`, bytes] as const)
      writeFileSync(path, zipOf(Object.fromEntries(files)))
    } else {
      const files = held.map((bytes, n) => ({ name: `D${Math.floor(n / FOLDER)}/IMG_${n}.JPG`, bytes }))
      const half = Math.ceil(files.length / 2)
      writeDiskImage(path, [files.slice(0, half), files.slice(half)])
    }
    const ledger = join(folder, `${exhibit}.sqlite`)
    const args = scanArgs(path, ledger, []).map((one, n, all) => (all[n - 1] === '--exhibit' ? exhibit : one))
    const given = args.filter((one) => one !== '--allow-writable-mount')
    const { status, stderr } = run(given, stateIn(folder))
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
