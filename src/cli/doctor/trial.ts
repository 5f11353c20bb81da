/** Two scans of a small made exhibit, as a folder and as an archive: every process that walks, lists and reads takes part. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { EXIT } from '../../base/exit-codes.ts'
import { type Ended, runSeized } from '../../lab/scan/own-program.ts'
import { type Check, ok, todo } from './check.ts'

const NAMES = ['listed.png', 'other.png'] as const

/** Refusals that other checks name with their own words. */
const SAID_ELSEWHERE = ['unconfined']

export async function trials(): Promise<Check[]> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-doctor-'))
  try {
    const contents = NAMES.map((_, i) => picture(i + 1))
    const exhibit = join(folder, 'exhibit')
    mkdirSync(exhibit)
    NAMES.forEach((name, i) => {
      writeFileSync(join(exhibit, name), contents[i]!)
    })
    const archive = join(folder, 'exhibit.tar')
    writeFileSync(archive, tar(NAMES.map((name, i) => [name, contents[i]!])))
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${createHash('sha256').update(contents[0]!).digest('hex')}\n`)
    return [
      await trial('a folder', [exhibit, '--allow-writable-mount'], { folder, list }),
      await trial('an archive', [archive], { folder, list }),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function trial(
  what: string,
  exhibit: readonly string[],
  { folder, list }: { readonly folder: string; readonly list: string },
): Promise<Check> {
  const ledger = join(folder, `${what.replace(/\W/g, '-')}.sqlite`)
  const about = ['--case', 'doctor', '--exhibit', what, '--examiner', 'doctor', '--ledger', ledger]
  const more = ['--hashset', `illegal:${list}`, '--progress', 'json', '--heads', join(folder, 'heads.jsonl')]
  const ended = await runSeized(['scan', ...exhibit, ...about, ...more, '--workers', '1'])
  const last = ended.events.at(-1)
  const hits = last?.event === 'summary' ? last.hits : null
  if (hits === 1 && ended.code === EXIT.findings)
    return ok('trial', `a scan of ${what} that was made for it found what it should`)
  const said = typeof last?.message === 'string' ? last.message : wordsOf(ended)
  return todo(
    'trial',
    `a scan of ${what} that was made for it ended with ${ended.code ?? ended.signal}: ${hits === null ? said : `${hits} hits instead of 1`}`,
    SAID_ELSEWHERE.includes(String(last?.code))
      ? 'See confinement.'
      : 'Do what the sentence says; where it says nothing, install seized again.',
    ended.code === EXIT.tryAgain ? 'tryAgain' : 'usage',
  )
}

function wordsOf({ stderr, events }: Ended): string {
  return stderr.trim().split('\n').at(-1) || `its last word was ${JSON.stringify(events.at(-1) ?? null)}`
}

const SIZE = 96

/** A plain gradient, RGB, as PNG. @param tint from 1 */
function picture(tint: number): Buffer {
  const rows = Buffer.alloc(SIZE * (1 + 3 * SIZE))
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++)
      rows.set([(x * 2 * tint) % 256, (y * 2) % 256, ((x + y) * tint) % 256], y * (1 + 3 * SIZE) + 1 + 3 * x)
  const head = Buffer.alloc(13)
  head.writeUInt32BE(SIZE, 0)
  head.writeUInt32BE(SIZE, 4)
  // Eight bits a channel, RGB.
  head.set([8, 2], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** POSIX ustar. @see IEEE Std 1003.1, pax, ustar Interchange Format */
function tar(members: readonly (readonly [name: string, content: Buffer])[]): Buffer {
  const blocks = members.flatMap(([name, content]) => {
    const header = Buffer.alloc(512)
    header.write(name, 0, 'latin1')
    header.write('0000644\0', 100, 'latin1')
    header.write('0000000\0', 108, 'latin1')
    header.write('0000000\0', 116, 'latin1')
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
    header.write('00000000000\0', 136, 'latin1')
    header.write('        0', 148, 'latin1')
    header.write('ustar\x0000', 257, 'latin1')
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}
