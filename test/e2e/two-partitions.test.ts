import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTwoPartitions, TOOLS, type TwoPartitions } from '../../fixtures/two-partitions.ts'
import { CAN_MOUNT } from '../image/ntfs/helpers.ts'
import { hasTools } from '../image/volume.ts'
import { BIN, exported } from './seized.ts'

/** An account that is nobody here and owns nothing but where its ledger goes. */
const ORDINARY = 1000
const CAN = CAN_MOUNT && hasTools(...TOOLS, 'setpriv')

describe.skipIf(!CAN)(`one command as an ordinary user (skipped without root, ${TOOLS.join(', ')})`, () => {
  let folder = ''
  let out = ''
  let made: TwoPartitions
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'seized-two-'))
    chmodSync(folder, 0o755)
    out = join(folder, 'out')
    mkdirSync(out)
    chownSync(out, ORDINARY, ORDINARY)
    made = await makeTwoPartitions(folder)
    chmodSync(made.image, 0o444)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function scan(ledger: string, ...more: readonly string[]) {
    const args = ['--case', '2026-114', '--exhibit', 'LTU-07', '--examiner', 'A. Example']
    const lists = ['--hashset', `illegal:${made.list}`, '--ledger', join(out, ledger), '--progress', 'json']
    const user = [`--reuid=${ORDINARY}`, `--regid=${ORDINARY}`, '--clear-groups']
    return spawnSync(
      'setpriv',
      [...user, process.execPath, BIN, 'scan', made.image, ...args, ...lists, ...more],
      { encoding: 'utf8', env: { ...process.env, HOME: out, XDG_STATE_HOME: out } },
    )
  }
  const foundBy = (ledger: string) =>
    exported(join(out, ledger), folder)
      .filter(({ hits }) => hits.length > 0)
      .map(({ path, sha256 }) => `${path.replace(/ » record [\d-]+$/, '')} ${sha256}`)
      .sort()

  it('finds 21 of 21: live, deleted, in a stream and on the second partition; complete, exit 10', () => {
    expect(made.planted).toHaveLength(21)
    const run = scan('whole.sqlite')
    expect(foundBy('whole.sqlite')).toEqual(
      made.planted.map(({ path, sha256 }) => `${path} ${sha256}`).sort(),
    )
    expect(run.status).toBe(10)
    const deleted = exported(join(out, 'whole.sqlite'), folder).filter(({ path }) =>
      path.includes(' » record '),
    )
    expect(deleted).toHaveLength(made.planted.filter(({ how }) => how === 'deleted').length)
  })

  it.skipIf(spawnSync('pdftotext', ['-v']).error !== undefined)(
    'is reported to a court in at most twelve pages, the first with the result, its numbers and what was not examined',
    () => {
      const pdf = join(folder, 'court.pdf')
      const made = spawnSync(process.execPath, [
        ...[BIN, 'report', join(out, 'whole.sqlite'), '--format', 'pdf', '--out', pdf],
        ...['--heads', join(folder, 'heads'), '--allow-unconfined'],
      ])
      expect([made.status, String(made.stderr)]).toEqual([0, expect.stringContaining('court.pdf')])
      const { stdout: facts } = spawnSync('pdfinfo', [pdf], { encoding: 'utf8' })
      expect(Number(/Pages: +(\d+)/.exec(facts)![1])).toBeLessThanOrEqual(12)
      const { stdout } = spawnSync('pdftotext', ['-layout', '-l', '1', pdf, '-'], { encoding: 'utf8' })
      const text = stdout.replace(/\s+/g, ' ')
      expect(text).toContain('21 contents of this exhibit, at 21 places, equal records')
      expect(text).toMatch(
        /\d+ files were read whole and compared, 0 were not\..*Of the image’s .* lie in no live file/,
      )
      expect(text).toMatch(/What was not examined, and why Stage Reason Entries/)
    },
    180_000,
  )

  it('says that the second partition was left out: 17 of 21, exit 13', () => {
    const run = scan('first.sqlite', '--scope', 'volume=1', '--phases', 'inventory,known')
    expect(run.status).toBe(13)
    expect(foundBy('first.sqlite')).toHaveLength(17)
  })
})
