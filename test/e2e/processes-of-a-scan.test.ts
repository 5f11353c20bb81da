/** Which processes a scan starts: those that its contents need. Each costs a tenth of a second or more, and most exhibits are triaged on a clock. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { smallPicture, smallTar } from '../../src/base/small-files.ts'
import { scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

interface Scanned {
  /** In the order of their start. */
  readonly started: readonly string[]
  /** What the ledger names as tried. */
  readonly tried: readonly string[]
  readonly stages: Record<string, Record<string, number>>
}

function scanOf(files: Readonly<Record<string, Buffer>>, ...more: string[]): Scanned {
  const folder = temporaryFolder()
  const root = join(folder, 'exhibit')
  mkdirSync(root)
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, name), bytes)
  const ledger = join(folder, 'case.sqlite')
  const result = seized(scanArgs(root, ledger, [], '--workers', '1', ...more), { SEIZED_TRACE: 'process' })
  const started = [...result.stderr.matchAll(/^trace .* process {2}(.+)$/gm)].map(([, name]) => name!)
  const db = new Database(ledger, { readonly: true })
  const tried = db.prepare('SELECT DISTINCT child FROM confinement').pluck().all() as string[]
  db.close()
  return { started, tried, stages: summaryOf(result).stages }
}

const decoders = ({ started }: Scanned) => started.filter((name) => name.startsWith('child: '))

const TEXT = Buffer.from('A text of no interest to anybody.\n'.repeat(9))

describe('a scan', () => {
  it('of contents that need no decoder starts none, and says of each that no stage applies', () => {
    const scanned = scanOf({ 'a.txt': TEXT, 'b.txt': Buffer.concat([TEXT, TEXT]) })
    expect(decoders(scanned)).toEqual([])
    expect(scanned.started).toContain('reader-child')
    expect(scanned.tried).toEqual(['mount'])
    expect(scanned.stages['looked-at']).toMatchObject({ 'not-applicable': 3, 'not-done': 0 })
  })

  it('of a container for known files alone starts what opens it, and no decoder of pictures', () => {
    const scanned = scanOf({ 'a.tar': smallTar([['a.txt', TEXT]]) }, '--phases', 'inventory,known')
    expect(decoders(scanned)).toEqual(['child: open'])
    expect(scanned.tried).toEqual(['mount', 'container'])
    expect(scanned.stages.opened).toMatchObject({ done: 1, 'not-done': 0 })
  })

  it('of a picture starts one decoder of pictures, whose confinement was tried', () => {
    const scanned = scanOf({ 'a.png': smallPicture(1), 'a.txt': TEXT })
    expect(decoders(scanned)).toEqual(['child: look'])
    expect(scanned.tried).toEqual(['mount', 'picture'])
    expect(scanned.stages['looked-at']).toMatchObject({ done: 1, 'not-done': 0 })
  })
})
