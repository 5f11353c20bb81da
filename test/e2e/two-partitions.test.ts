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

  it('says that the second partition was left out: 17 of 21, exit 13', () => {
    const run = scan('first.sqlite', '--scope', 'volume=1', '--phases', 'inventory,known')
    expect(run.status).toBe(13)
    expect(foundBy('first.sqlite')).toHaveLength(17)
  })
})
