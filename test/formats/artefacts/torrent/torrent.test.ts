/** Torrents and what programs keep of them, against files that Transmission wrote. */
import { createHash, hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  bencoded,
  delugeResume,
  microTorrentResume,
  qbittorrentResume,
  torrentOfTrees,
} from '../../../../fixtures/device/bencode.ts'
import { identifyContent } from '../../../../src/formats/signatures/index.ts'
import { treeRoot } from '../../../../src/pipeline/references.ts'
import { mutant, recordsOf } from '../records-of.ts'

const FOLDER = join(import.meta.dirname, '../../../../fixtures/device/torrents')
const TORRENT = 'application/x-bittorrent'
const RESUME = 'application/x-bittorrent-resume'
/** Of fixtures/device/amule.sh: what both torrents were made of. */
const CHUNK = Buffer.alloc(9_728_000, 'one thousand bytes, ')
const NOTES = Buffer.from('A day at the lake.\n'.repeat(400))

describe('a torrent of Transmission', () => {
  it('names its file, with the info hash that Transmission gives it, and pieces that the file has', () => {
    const { records } = recordsOf(TORRENT, readFileSync(join(FOLDER, 'single.torrent')))
    const [whole, file] = records
    // As transmission-daemon named its own copy of it.
    const infoHash = 'c1c68a34e2ddcc6ab630ca778e3bc0745befe813'
    expect(whole!.what).toMatchObject({ code: 'torrent', params: { name: 'single.bin', infoHash, files: 1 } })
    expect(file!.what).toMatchObject({ code: 'torrent-file', params: { name: 'single.bin', infoHash } })
    const content = CHUNK.subarray(0, 70_000)
    expect(file!.sizeBytes).toBe(content.length)
    expect(file!.pieces.length).toBeGreaterThan(1)
    for (const { offset, length, sha1 } of file!.pieces)
      expect(hash('sha1', content.subarray(offset, offset + length))).toBe(sha1)
  })

  it('of several files gives pieces that lie wholly inside one of them', () => {
    const { records } = recordsOf(TORRENT, readFileSync(join(FOLDER, 'multi.torrent')))
    const files = records
      .slice(1)
      .map(({ what, pieces }) => [(what.params as { name: string }).name, pieces] as const)
    const contents = new Map([
      ['files/harbour.bin', CHUNK.subarray(0, 100_000)],
      ['files/holiday notes.txt', NOTES],
    ])
    expect(files.map(([name]) => name).sort()).toEqual([...contents.keys()])
    for (const [name, pieces] of files)
      for (const { offset, length, sha1 } of pieces)
        expect(hash('sha1', contents.get(name)!.subarray(offset, offset + length))).toBe(sha1)
    expect(files.some(([, pieces]) => pieces.length > 0)).toBe(true)
  })

  it('with digests of its files names them', () => {
    const md5 = createHash('md5').update('x').digest('hex')
    const torrent = bencoded({
      info: { length: 1, md5sum: md5, name: 'x', 'piece length': 16_384, pieces: Buffer.alloc(20) },
    })
    expect(recordsOf(TORRENT, torrent).records[1]!.digests).toEqual({ md5 })
  })
})

describe('what programs keep of downloads', () => {
  it.each([
    [
      'utorrent',
      microTorrentResume(),
      {
        params: {
          program: 'utorrent',
          name: 'lake',
          infoHash: '07'.repeat(20),
          folder: 'C:\\d\\lake',
          sentBytes: 210_000,
          receivedBytes: 70_000,
          seconds: 60,
        },
        direction: 'shared',
        ns: '1600000500000000000',
      },
    ],
    [
      'qbittorrent',
      qbittorrentResume(),
      {
        params: {
          program: 'qbittorrent',
          name: 'harbour',
          infoHash: '09'.repeat(20),
          folder: '/home/x/down',
          sentBytes: 0,
          receivedBytes: 500,
          seconds: 0,
        },
        direction: 'received',
        ns: '1600000000000000000',
      },
    ],
    [
      'transmission',
      readFileSync(join(FOLDER, 'transmission-4.1.resume')),
      {
        params: {
          program: 'transmission',
          name: 'single.bin',
          folder: '/tmp/device/tr/down',
          sentBytes: 0,
          receivedBytes: 0,
          seconds: 20,
        },
        direction: null,
        ns: '1795703108000000000',
      },
    ],
  ])(
    'of %s: what was received and sent, where and when',
    async (_program, bytes, { params, direction, ns }) => {
      expect((await identifyContent(bytes)).mediaType).toBe(RESUME)
      const [record] = recordsOf(RESUME, bytes).records
      expect(record).toMatchObject({ what: { code: 'torrent-download', params }, direction, when: { ns } })
    },
  )

  it('says that it is none where lists lie in lists without end', () => {
    expect(recordsOf(RESUME, Buffer.from('l'.repeat(100_000))).result).toMatchObject({
      reason: 'decode-failed',
    })
  })
})

describe('a torrent of version 2 alone', () => {
  const sha256 = (...bytes: readonly Buffer[]) => hash('sha256', Buffer.concat(bytes), 'buffer')
  const block = (fill: number, length = 16_384) => Buffer.alloc(length, fill)

  it('names each file by its path, size and the root of its tree', () => {
    const [one, two] = [sha256(block(1)), sha256(block(2))]
    const bytes = torrentOfTrees('trip', { 'a/lake.bin': [16_384, one], 'notes.txt': [9, two] })
    const { records, findings } = recordsOf(TORRENT, bytes)
    expect(records[0]!.what).toMatchObject({ code: 'torrent', params: { files: 2, sizeBytes: 16_393 } })
    expect(
      records.slice(1).map(({ what, sizeBytes, piecesRoot }) => [what.params, sizeBytes, piecesRoot]),
    ).toMatchObject([
      [{ name: 'trip/a/lake.bin' }, 16_384, one.toString('hex')],
      [{ name: 'trip/notes.txt' }, 9, two.toString('hex')],
    ])
    expect(JSON.stringify(findings)).not.toContain('file-trees-not-read')
    for (let i = 0; i < 200; i++) recordsOf(TORRENT, mutant(bytes, i))
  })

  it('has roots of blocks of 16 KiB, two by two, with zeros for what is missing of a power of two', () => {
    const blocks = [block(1), block(2), block(3, 100)]
    const [a, b, c] = blocks.map((one) => sha256(one)) as [Buffer, Buffer, Buffer]
    const root = sha256(sha256(a, b), sha256(c, Buffer.alloc(32)))
    expect(treeRoot(Buffer.concat(blocks))).toBe(root.toString('hex'))
    expect(treeRoot(blocks[2]!)).toBe(c.toString('hex'))
  })
})

describe('Deluge', () => {
  it('keeps what libtorrent wrote of each download by its info hash', async () => {
    const bytes = delugeResume('ab'.repeat(20))
    expect((await identifyContent(bytes)).mediaType).toBe(RESUME)
    expect(recordsOf(RESUME, bytes).records).toMatchObject([
      {
        what: {
          code: 'torrent-download',
          params: { program: 'deluge', name: 'harbour', infoHash: '09'.repeat(20), receivedBytes: 500 },
        },
        direction: 'received',
      },
    ])
    for (let i = 0; i < 200; i++) recordsOf(RESUME, mutant(bytes, i))
  })
})
