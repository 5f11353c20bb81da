/** Event logs in free space: a whole log and a chunk alone are carved, and their records stand in the timeline as of a carved file. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { eventLogFile, SECURITY, sidOf } from '../../fixtures/device/event-log.ts'
import { hasTools, run } from '../image/volume.ts'
import { exported, seized, temporaryFolder } from './seized.ts'

const logon = (record: number, user: string) => ({
  ...{ provider: SECURITY, channel: 'Security', number: 4624, record, ms: 1_600_000_000_000 + record * 1000 },
  data: { TargetUserSid: sidOf(21, 1, 2, 3, 1001), TargetUserName: user, LogonType: '2' },
})

describe('event logs in free space', () => {
  it.skipIf(!hasTools('mke2fs'))(
    'are carved, a chunk alone too, and never where a checksum is wrong',
    () => {
      const folder = temporaryFolder()
      const volume = join(folder, 'v')
      run('mke2fs', ['-q', '-t', 'ext4', '-b', '4096', volume, '16M'])
      const image = readFileSync(volume)
      const chunk = (user: string) =>
        eventLogFile({ chunks: [[logon(7, user)]] }).subarray(4096, 4096 + 65_536)
      const damaged = Buffer.from(chunk('harbour'))
      damaged[600]! ^= 1
      let at = 12 << 20
      for (const bytes of [eventLogFile({ chunks: [[logon(1, 'lake')]] }), chunk('pond'), damaged]) {
        expect(image.subarray(at, at + bytes.length).every((byte) => byte === 0)).toBe(true)
        bytes.copy(image, at)
        at += 1 << 18
      }
      writeFileSync(volume, image)
      const ledger = join(folder, 'case.sqlite')
      const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--progress', 'json', '--workers', '1']
      const how = ['--remains', 'carve', '--text', '--basis', 'warrant 1', '--ledger', ledger]
      const ran = seized(['scan', volume, ...who, ...how])
      expect([0, 3], ran.stderr).toContain(ran.status)
      const logs = exported(ledger, folder).filter(
        ({ mediaType }) => mediaType === 'application/x-ms-event-log',
      )
      expect(logs.map(({ onImage }) => onImage.status)).toEqual(['carved', 'carved'])
      const timeline = seized(['timeline', ledger, '--format', 'jsonl']).stdout.split('\n')
      const told = (user: string) => timeline.filter((line) => line.includes(user))
      expect([told('lake').length, told('pond').length, told('harbour').length]).toEqual([1, 1, 0])
      expect(JSON.parse(told('pond')[0]!)).toMatchObject({ recordStatus: 'deleted' })
    },
    180_000,
  )
})
