/** A log that was not closed states fewer chunks than it has: it is no whole file of as many. */
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { eventLogFile, sampleEvents } from '../../fixtures/device/event-log.ts'
import { EVENT_LOG, EVENT_LOG_CHUNK } from '../../src/formats/image/remains/carvers/event-log.ts'
import { memoryMedium } from './volume.ts'

describe('an event log in free space', () => {
  const log = (isDirty: boolean) =>
    eventLogFile({ chunks: [1, 2, 3].map((i) => sampleEvents(i * 1e12)), isDirty })

  it('is taken as a whole where it was closed, else chunk by chunk', () => {
    const closed = log(false)
    const lengthOf = (bytes: Buffer) => EVENT_LOG.lengthOf(memoryMedium(bytes), 0, bytes.length, 512)
    expect(lengthOf(closed)).toEqual({ length: closed.length, complete: true })
    const open = log(true)
    open.writeUInt16LE(1, 42)
    open.writeUInt32LE(crc32(open.subarray(0, 120)), 124)
    expect(lengthOf(open)).toBeNull()
    const medium = memoryMedium(open)
    for (let at = 4096; at < open.length; at += 65_536)
      expect(EVENT_LOG_CHUNK.lengthOf(medium, at, open.length - at, 512)).toEqual({
        length: 65_536,
        complete: true,
      })
  })
})
