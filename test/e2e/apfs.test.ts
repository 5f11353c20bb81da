import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { linesOf } from '../../fixtures/apfs/tree.ts'
import { addVolume, encrypt, madeVolume } from '../../fixtures/apfs/volume.ts'
import { exported, seized } from './seized.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-apfs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function scanned(name: string, bytes: Buffer) {
  const image = join(folder, `${name}.raw`)
  writeFileSync(image, bytes)
  const list = join(folder, 'list.txt')
  const listed = ['after.bin', 'DCIM/100APPLE/IMG_0010.bin'].map((file) =>
    file.startsWith('DCIM') ? linesOf(file, 700 + 10 * 1733) : linesOf('fork', 20_000),
  )
  writeFileSync(list, listed.map((one) => `${createHash('sha256').update(one).digest('hex')}\n`).join(''))
  const ledger = join(folder, `${name}.sqlite`)
  const words = [
    '--case',
    'C',
    '--exhibit',
    'E',
    '--examiner',
    'X',
    '--ledger',
    ledger,
    '--hashset',
    `illegal:${list}`,
  ]
  const run = seized(['scan', image, ...words])
  return { run, ledger, entries: () => exported(ledger, folder), image }
}

describe('an image of a container of APFS', () => {
  it('is complete, and what a snapshot alone has is a hit', () => {
    const { run, ledger, entries } = scanned('whole', madeVolume())
    expect([run.status, run.stderr.includes('bug')]).toEqual([10, false])
    const hits = entries().filter(({ hits: found }) => found.length > 0)
    const paths = hits.map(({ path }) => path)
    expect(paths).toContain('volume 1 » Made Volume/after.bin')
    expect(paths.some((path) => path.includes('$Snapshot-1/DCIM/100APPLE/IMG_0010.bin'))).toBe(true)
    const quarantine = entries().find(({ path }) => path.endsWith('com.apple.quarantine'))
    expect(quarantine?.stages['records-read']?.result).toBe('done')
    expect(seized(['verify', ledger]).status).toBe(0)
  })

  it('of two devices is not built, and said so', () => {
    const bytes = madeVolume()
    bytes.writeUInt32LE(0x102, 64)
    const image = join(folder, 'fusion.raw')
    writeFileSync(image, bytes)
    const described = seized(['image', image, '--json'])
    expect(described.status).toBe(3)
    expect(JSON.parse(described.stdout).ranges[0].listed).toMatchObject({
      result: 'not-done',
      reason: 'not-built',
      detail: { params: { format: 'apfs' } },
    })
  })

  it('is not complete where a volume of it is encrypted, which is said', () => {
    const bytes = madeVolume()
    encrypt(addVolume(bytes, 'Locked'))
    const { run, entries, image, ledger } = scanned('locked', bytes)
    expect([run.status, run.stderr.includes('bug')]).toEqual([13, false])
    const locked = entries().find(({ path }) => path === 'volume 1 » Locked')
    expect(locked?.stages.read).toMatchObject({ result: 'not-done', reason: 'encrypted' })
    expect(seized(['verify', ledger]).status).toBe(0)
    const described = seized(['image', image])
    expect([described.status, /volume-2: "Locked".*encrypted/.test(described.stdout)]).toEqual([3, true])
  })
})
