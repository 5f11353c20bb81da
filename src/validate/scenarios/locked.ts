/** A locked volume and its keys: by recovery password, by none, by a wrong one; and where its secrets stand. */
import { randomInt } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { lockPartition } from '../../../fixtures/bitlocker.ts'
import { type DiskFile, writeDiskImage } from '../../../fixtures/disk-image.ts'
import { noise } from '../../../fixtures/pictures.ts'
import { digest } from '../exhibits/planted.ts'
import { Checks } from '../model/observation.ts'
import { type Bench, type Scenario, summaryOf } from '../model/scenario.ts'
import { secretsNowhere } from './secrets-nowhere.ts'

export const locked: Scenario = {
  id: 'locked',
  title: 'a disk image with a locked volume: with its key, without, and with a wrong one',
  speaksOf: ['keys-open', 'secrets-nowhere'],
  weight: { quick: 6, full: 9 },
  async run(bench) {
    const files = filesOf(bench)
    const image = bench.at('locked.dd')
    writeDiskImage(image, [[], files])
    const [right, wrong] = [recoveryPassword(), recoveryPassword()]
    const { volumeKey, masterKey, protectors } = lockPartition(image, 1, { recoveryPassword: right })
    const list = bench.at('locked.txt')
    writeFileSync(list, files.map(({ bytes }) => `${digest('sha256', bytes)}\n`).join(''))
    const common = ['--hashset', `illegal:${list}`, '--phases', 'inventory,known']
    const keys = (name: string, secret: string) => {
      const file = bench.at(name)
      writeFileSync(file, `recovery-password: ${secret}\n`, { mode: 0o600 })
      return ['--keys', file, '--basis', 'validation']
    }
    const opens = new Checks(
      'keys-open',
      `seized scan of a locked volume with ${files.length} files, every second one deleted`,
      'with its key every file is a hit; without it the volume is named and the run incomplete; a wrong key is refused',
    )
    const ledger = bench.at('locked.sqlite')
    const summary = summaryOf(bench.scan(image, ledger, ...common, ...keys('right.txt', right)))
    const entries = bench.entries(ledger)
    for (const { name, bytes, state } of files) {
      const entry = entries.find(({ sha256 }) => sha256 === digest('sha256', bytes))
      opens.see(entry !== undefined && entry.hits.length > 0, () => `${name} (${state ?? 'live'}) has no hit`)
    }
    opens.equal(summary.complete, true, 'complete with its key')
    const closed = bench.scan(image, bench.at('closed.sqlite'), ...common)
    opens.equal(closed.code, 3, 'exit code without a key')
    const page = bench.at('closed.html')
    bench.seized('report', bench.at('closed.sqlite'), '--format', 'html', '--out', page)
    opens.see(
      readFileSync(page, 'utf8').includes(protectors['recovery-password']!),
      () => 'page one does not name the protector',
    )
    const refused = bench.scan(image, bench.at('refused.sqlite'), ...common, ...keys('wrong.txt', wrong))
    opens.equal(refused.code, 2, 'exit code with a wrong key')
    return [
      opens.observation,
      secretsNowhere(bench, [right, volumeKey, masterKey], [closed.out, refused.out, refused.err]),
    ]
  },
}

function filesOf(bench: Bench): DiskFile[] {
  return Array.from({ length: bench.of(16, 60) }, (_, i) => ({
    name: `L${`${i}`.padStart(4, '0')}.BIN`,
    bytes: noise(bench.seed * 9_001 + i, 2500 + i * 431),
    state: i % 2 === 1 ? 'deleted' : 'live',
  }))
}

/** Eight groups of six digits, each eleven times a number of 16 bits. */
function recoveryPassword(): string {
  return Array.from({ length: 8 }, () => String(randomInt(0x10000) * 11).padStart(6, '0')).join('-')
}
