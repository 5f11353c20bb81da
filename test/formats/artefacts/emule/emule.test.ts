import { describe, expect, it } from 'vitest'
import { cancelledMet, knownMet } from '../../../../fixtures/device/emule.ts'
import { identifyContent } from '../../../../src/formats/signatures/index.ts'
import { recordsOf } from '../records-of.ts'

const FILE = {
  ed2k: 'a1'.repeat(16),
  name: 'grüner Hügel.jpg',
  sizeBytes: 2 ** 33 + 7,
  modified: 1_600_000_000,
}

describe('catalogues of eMule', () => {
  it('name digest, size over 4 GB, time and counters of sharing', () => {
    const [record] = recordsOf(
      'application/x-emule-known',
      knownMet([{ ...FILE, sentBytes: 5_000_000, requests: 9, accepted: 4 }]),
    ).records
    expect(record).toEqual({
      what: {
        code: 'emule-known',
        params: {
          name: FILE.name,
          sizeBytes: FILE.sizeBytes,
          sentBytes: 5_000_000,
          requests: 9,
          accepted: 4,
        },
      },
      direction: 'shared',
      times: 4,
      when: { ns: '1600000000000000000', resolution: 's', zone: 'utc' },
      whenKind: 'modified',
      moreTimes: [],
      person: null,
      status: 'live',
      digests: { ed2k: FILE.ed2k },
      sizeBytes: FILE.sizeBytes,
      pieces: [],
    })
  })

  it('say nothing of sharing where nothing was sent', () => {
    const [record] = recordsOf('application/x-emule-known', knownMet([{ ...FILE, requests: 3 }])).records
    expect([record!.direction, record!.times]).toEqual([null, null])
  })

  it('lose the damaged record alone, and say where it stood', () => {
    const files = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => ({ ...FILE, name }))
    const whole = knownMet(files)
    const one = (whole.length - 5) / 3
    const damaged = Buffer.from(whole)
    damaged.writeUInt32LE(0xffff_ffff, 5 + one + 22)
    const read = recordsOf('application/x-emule-known', damaged)
    expect(read.records.map(({ what }) => (what.params as { name: string }).name)).toEqual(['a.jpg', 'c.jpg'])
    expect(read.result).toMatchObject({
      reason: 'partly-examined',
      detail: { code: 'device-records-damaged', params: { records: 1, offset: 5 + one } },
    })
  })

  it('count salted digests of cancelled downloads, which cannot be compared', async () => {
    const bytes = cancelledMet(['b2'.repeat(16)], 77)
    expect((await identifyContent(bytes)).mediaType).toBe('application/x-emule-cancelled')
    const read = recordsOf('application/x-emule-cancelled', bytes)
    expect(read.records).toEqual([])
    expect(read.findings).toContainEqual({
      kind: 'attribute',
      code: 'records-salted',
      params: { records: 1 },
    })
  })
})
