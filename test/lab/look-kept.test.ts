/** Exhibits whose analysis other hosts cannot do, or only some of them: the scan says so, and its own host does it. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { lockPartition } from '../../fixtures/bitlocker.ts'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { hasherCard, hasherWasm } from '../../fixtures/hasher.ts'
import { writeLookImage } from '../../fixtures/look-exhibit.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { withheldFrom } from '../../src/cli/services/withheld-looks.ts'
import { ShardFolder } from '../../src/host/shards/shard-folder.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { installation, run } from '../e2e/installation.ts'
import { BIN, seized, start, summaryOf, temporaryFolder } from '../e2e/seized.ts'

const RECOVERY = '235818-357951-253979-013365-241120-245575-342914-591910'

function scan(image: string, ledger: string, ...more: string[]): string[] {
  const names = ['--case', 'T-1', '--exhibit', 'E-1', '--examiner', 'Test Examiner']
  return ['scan', image, '--ledger', ledger, ...names, '--workers', '1', '--progress', 'json', ...more]
}

function eventsOf(ledger: string) {
  const reader = openLedger(ledger)
  const events = reader.events().filter(({ event }) => event.startsWith('look-shard'))
  reader.close()
  return events
}

describe('contents that stay with the scan of one host', () => {
  it('33 B10: an exhibit that was given keys is analysed by its own host, and output and ledger say why', async () => {
    const folder = temporaryFolder()
    const image = join(folder, 'image.dd')
    const pictures = async (from: number) => {
      const files = []
      for (let i = from; i < from + 6; i++)
        files.push({
          name: `IMG_${i}.JPG`,
          bytes: Buffer.from(await jpeg({ seed: i, width: 200 + i, height: 150 })),
        })
      return files
    }
    writeDiskImage(image, [await pictures(1), await pictures(20)])
    lockPartition(image, 1, { recoveryPassword: RECOVERY, password: 'a password' })
    const keys = join(folder, 'keys.json')
    const secrets = [{ kind: 'recovery-password', secret: RECOVERY, note: 'file of the case, page 4' }]
    writeFileSync(keys, JSON.stringify({ keys: 1, secrets }), { mode: 0o600 })
    const withKeys = ['--keys', keys, '--basis', 'warrant 12/2026']
    const local = summaryOf(seized(scan(image, join(folder, 'local.sqlite'), ...withKeys)))
    const shards = join(folder, 'shards')
    const ledger = join(folder, 'shared.sqlite')
    const ran = seized(scan(image, ledger, ...withKeys, '--look-shards', shards))
    const shared = summaryOf(ran)
    expect([shared.evidenceDigest, shared.analysisDigest, shared.exitCode]).toEqual([
      local.evidenceDigest,
      local.analysisDigest,
      local.exitCode,
    ])
    expect(local.stages['looked-at'].done).toBeGreaterThanOrEqual(12)
    expect(ran.stdout).toContain('keys stay on this host')
    expect(eventsOf(ledger).map(({ event, detail }) => [event, detail.why])).toEqual([
      ['look-shards-withheld', expect.stringContaining('keys stay on this host')],
    ])
    expect(existsSync(shards) ? readdirSync(shards) : []).toEqual([])
  })

  it('33 B10: a head of the agency, sealed by a passphrase, is withheld with its own words', () => {
    const hosts = { about: {}, exchange: {} } as never
    expect(withheldFrom(hosts, 1)).toContain('a passphrase, which stays on this host')
    expect(withheldFrom(hosts, 0)).toBeNull()
    expect(withheldFrom(null, 1)).toBeNull()
  })

  it('33 B10: with a hasher that the agency added, a host without it refuses, one with it answers, and the digests are those of one host', async () => {
    const folder = temporaryFolder()
    const program = installation(join(folder, 'program'))
    const wasm = hasherWasm({ misbehaves: true })
    writeFileSync(join(folder, 'card.json'), hasherCard(wasm))
    writeFileSync(join(folder, 'hasher.wasm'), wasm)
    const added = run(program, ['model', 'add', join(folder, 'card.json'), join(folder, 'hasher.wasm')])
    expect(added.stdout, added.stderr).toMatch(/^field-hasher: installed/)
    const image = join(folder, 'image.dd')
    await writeLookImage(image, 40)
    const bin = join(program, 'bin/seized.js')
    const local = summaryOf(run(program, scan(image, join(folder, 'local.sqlite'))))
    const exchange = new ShardFolder(join(folder, 'shards'))
    const ledger = join(folder, 'shared.sqlite')
    const child = start(scan(image, ledger, '--look-shards', exchange.folder), {}, bin)
    onTestFinished(() => void child.kill('SIGKILL'))
    let stdout = ''
    child.stdout.on('data', (text) => (stdout += text))
    const ended = new Promise((resolve) => child.on('close', resolve))
    while (exchange.offered().length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    // The scan stands still meanwhile, so that it does not take the shards over.
    child.kill('SIGSTOP')
    const answered = (root: string, name: string) => {
      const file = join(exchange.folder, `${name}.shard.json`)
      const words = ['lab', 'run-one', '--shard', file, '--out', exchange.folder, '--workers', '1']
      return run(root, [...words, '--config', join(folder, 'none')])
    }
    const name = exchange.offered()[0]!
    const without = answered(join(BIN, '../..'), name)
    expect([without.status, exchange.isAnswered(name)]).toEqual([2, false])
    expect(without.stderr).toMatch(/of another (class|plan)/)
    const having = answered(program, name)
    expect([having.status, exchange.isAnswered(name)], having.stderr).toEqual([0, true])
    child.kill('SIGCONT')
    await ended
    const shared = summaryOf({ stdout, stderr: '' })
    expect([shared.evidenceDigest, shared.analysisDigest, shared.exitCode]).toEqual([
      local.evidenceDigest,
      local.analysisDigest,
      local.exitCode,
    ])
    expect(eventsOf(ledger).map(({ event }) => event)).toEqual(['look-shard-held', 'look-shard-merged'])
  })
})
