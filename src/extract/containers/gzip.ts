/** GZIP: one member, named as the header has it, else `content`. */
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { FileTime } from '../../contracts.ts'
import { type Budget, LimitReached, notDone, type Opener } from './container.ts'
import { messageOf } from './zip.ts'

export const gzip: Opener = {
  id: 'gzip',
  mediaTypes: ['application/gzip'],
  async *members(bytes, budget) {
    budget.entry()
    const content = await unpacked(bytes, budget)
    yield {
      kind: 'member',
      name: nameOf(bytes) ?? Buffer.from('content'),
      entryKind: 'file',
      sizeBytes: BigInt(Buffer.isBuffer(content) ? content.length : 0),
      modified: timeOf(bytes),
      linkTarget: null,
      read: async () => content,
    }
  },
}

async function unpacked(bytes: Buffer, budget: Budget) {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of Readable.from([bytes]).pipe(createGunzip()) as AsyncIterable<Buffer>) {
      budget.charge(chunk.length)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    if (error instanceof LimitReached) throw error
    return notDone('decode-failed', messageOf(error))
  }
}

// RFC 1952: flags at 3, mtime at 4, then extra (FEXTRA), name (FNAME, zero-terminated).
const FEXTRA = 4
const FNAME = 8

function nameOf(bytes: Buffer): Buffer | null {
  const flags = bytes[3] ?? 0
  if (!(flags & FNAME)) return null
  const start = 10 + (flags & FEXTRA && bytes.length > 12 ? 2 + bytes.readUInt16LE(10) : 0)
  const end = bytes.indexOf(0, start)
  return end > start && end - start < 4096 ? bytes.subarray(start, end) : null
}

function timeOf(bytes: Buffer): FileTime | null {
  const seconds = bytes.length >= 8 ? bytes.readUInt32LE(4) : 0
  return seconds === 0
    ? null
    : { ns: BigInt(seconds) * 1_000_000_000n, source: 'archive', resolution: 's', zone: 'utc' }
}
