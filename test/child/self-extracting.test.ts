/** A self-extracting archive or an installer is opened, or said to be not built: never "not a container". */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import { overlayOf } from '../../src/formats/signatures/program-overlay.ts'
import { sevenZipOf, zipOf } from './archives.ts'
import { cabOf } from './cabinet.ts'
import { listContainer } from './list-container.ts'
import { program } from './made-program.ts'

const letter = Buffer.from('The train leaves at nine.\n'.repeat(40))
const SHA256 = createHash('sha256').update(letter).digest('hex')
const FILES = { 'letter.txt': letter }

/** Signed: a certificate table behind all else, named in the header. */
function signed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt32LE(bytes.length, 88 + 96 + 32)
  copy.writeUInt32LE(640, 88 + 96 + 36)
  return Buffer.concat([copy, Buffer.alloc(640, 0x30)])
}

const SETTINGS = Buffer.from(';!@Install@!UTF-8!\r\nRunProgram="letter.txt"\r\n;!@InstallEnd@!\r\n')

describe('behind a Windows program', () => {
  it.each<[string, () => Promise<Buffer> | Buffer]>([
    ['7z', () => sevenZipOf('7z', FILES)],
    ['7z with settings before it', async () => Buffer.concat([SETTINGS, await sevenZipOf('7z', FILES)])],
    ['ZIP', () => zipOf(FILES)],
    ['CAB', () => cabOf(FILES)],
  ])('%s is opened', async (_, make) => {
    const archive = await make()
    for (const whole of [
      Buffer.concat([program(false), archive]),
      Buffer.concat([program(true), archive]),
      signed(Buffer.concat([program(false), archive])),
    ]) {
      expect(await identifyContent(whole)).toEqual({
        mediaType: 'application/x-msdownload',
        hasAppended: true,
      })
      const { members, result } = await listContainer(whole)
      expect([members.map(({ digests }) => digests?.sha256), result]).toEqual([[SHA256], { result: 'done' }])
    }
  })

  it('a cut one is said to be damaged', async () => {
    const whole = Buffer.concat([program(false), (await sevenZipOf('7z', FILES)).subarray(0, -9)])
    expect((await listContainer(whole)).result).toMatchObject({ result: 'not-done', reason: 'decode-failed' })
  })

  it.each(['zlb\x1a', 'idska32\x1a', 'ISSetupStream'])(
    'an installer with the mark %j is not built',
    async (mark) => {
      const whole = Buffer.concat([program(false), Buffer.from(mark, 'latin1'), Buffer.alloc(200, 1)])
      expect((await listContainer(whole)).result).toMatchObject({ result: 'not-done', reason: 'not-built' })
    },
  )

  it('nothing, a signature alone or padding is no archive', async () => {
    const plain = program(false)
    for (const whole of [plain, signed(plain), Buffer.concat([plain, Buffer.alloc(16)])]) {
      expect(overlayOf(whole, whole.length)).toBeNull()
      expect(await identifyContent(whole)).toEqual({ mediaType: 'application/x-msdownload' })
    }
    const other = Buffer.concat([plain, Buffer.alloc(4000, 1)])
    expect((await listContainer(other)).result).toMatchObject({ reason: 'not-a-container' })
  })

  it('headers that lie are bounded', () => {
    for (const [at, value] of [
      [0x3c, 0xffffff00],
      [84, 0xffff],
      [88 + 224 + 20, 0xffffffff],
    ] as const) {
      const bytes = Buffer.concat([program(false), Buffer.alloc(4000)])
      if (at === 0x3c || at === 88 + 224 + 20) bytes.writeUInt32LE(value, at)
      else bytes.writeUInt16LE(value, at)
      expect(overlayOf(bytes, bytes.length)).toBeNull()
    }
  })

  const canMake = !spawnSync('makensis', ['-VERSION']).error
  it.skipIf(!canMake).each(['zlib', 'lzma', '/SOLID lzma', 'bzip2'])(
    'an NSIS installer (%s) is opened (skipped without makensis)',
    async (compressor) => {
      const folder = mkdtempSync(join(tmpdir(), 'seized-nsis-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      writeFileSync(join(folder, 'letter.txt'), letter)
      writeFileSync(
        join(folder, 'a.nsi'),
        `SetCompressor ${compressor}\nName note\nOutFile setup.exe\nInstallDir "$TEMP"\nSection\nSetOutPath "$INSTDIR"\nFile letter.txt\nSectionEnd\n`,
      )
      execFileSync('makensis', ['-V1', 'a.nsi'], { cwd: folder, stdio: 'pipe' })
      const { members, result } = await listContainer(readFileSync(join(folder, 'setup.exe')))
      expect(members.map(({ digests }) => digests?.sha256)).toContain(SHA256)
      expect(result).toMatchObject({ result: 'done' })
    },
  )
})
