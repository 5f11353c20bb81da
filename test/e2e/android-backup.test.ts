import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { noise } from '../../fixtures/pictures.ts'
import { exported, seized } from './seized.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('backups of Android', () => {
  const exhibit = join(folder, 'exhibit')
  const list = join(folder, 'list.txt')
  const listed = noise(1, 40_000)

  function hitsOf(what: string, ledger: string) {
    const words = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', join(folder, ledger)]
    const run = seized(['scan', what, ...words, '--hashset', `illegal:${list}`, '--allow-writable-mount'])
    expect([run.status, run.stderr.includes('bug')]).toEqual([13, false])
    return exported(join(folder, ledger), folder)
  }

  it('are opened, deflated or not, and named where they are encrypted', () => {
    mkdirSync(join(folder, 'apps/com.example/f'), { recursive: true })
    mkdirSync(exhibit)
    writeFileSync(join(folder, 'apps/com.example/f/a.jpg'), listed)
    execFileSync('tar', ['-C', folder, '-cf', join(folder, 'backup.tar'), 'apps'])
    const tar = readFileSync(join(folder, 'backup.tar'))
    const backup = (name: string, header: string, rest: Buffer) =>
      writeFileSync(join(exhibit, name), Buffer.concat([Buffer.from(`ANDROID BACKUP\n${header}\n`), rest]))
    backup('deflated.ab', '5\n1\nnone', deflateSync(tar))
    backup('plain.ab', '3\n0\nnone', tar)
    backup('encrypted.ab', '5\n1\nAES-256\nA1B2', noise(2, 5000))
    writeFileSync(list, `${createHash('sha256').update(listed).digest('hex')}\n`)
    const entries = hitsOf(exhibit, 'folder.sqlite')
    expect(entries.filter(({ hits }) => hits.length > 0).map(({ path }) => path)).toEqual([
      'deflated.ab » member backup.tar » member apps/com.example/f/a.jpg',
      'plain.ab » member backup.tar » member apps/com.example/f/a.jpg',
    ])
    expect(entries.find(({ path }) => path === 'encrypted.ab').stages.opened).toMatchObject({
      result: 'not-done',
      reason: 'encrypted',
    })
  })

  it('are given by themselves too', () => {
    const hits = hitsOf(join(exhibit, 'deflated.ab'), 'alone.sqlite').filter((entry) => entry.hits.length > 0)
    expect(hits.map(({ path }) => path)).toEqual([
      'volume 1 » $Volume » member backup.tar » member apps/com.example/f/a.jpg',
    ])
  })
})
