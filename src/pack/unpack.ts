/** Unpacks a pack into a new folder: exactly the files that its manifest names, each with the stated SHA-256. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import {
  besideManifest,
  digestOf,
  isPlainName,
  MANIFEST,
  type Manifest,
  type PackedFile,
  readManifest,
  SUMS,
  sumsText,
} from './manifest.ts'

const MOST_FILES = 1_000
const MOST_MANIFEST_BYTES = 1 << 20

export interface Unpacked {
  readonly manifest: Manifest | null
  /** A sentence each. */
  readonly problems: readonly string[]
}

/** @param folder an empty folder of ours @throws the error of writing */
export async function unpack(file: string, folder: string): Promise<Unpacked> {
  let zip: ZipFile
  try {
    zip = await openPromise(file, { lazyEntries: true })
  } catch (error) {
    return { manifest: null, problems: [`it is no pack: ${(error as Error).message}`] }
  }
  try {
    return await takeApart(zip, folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error
    return { manifest: null, problems: [`it is damaged: ${(error as Error).message}`] }
  } finally {
    zip.close()
  }
}

async function takeApart(zip: ZipFile, folder: string): Promise<Unpacked> {
  const found = new Map<string, PackedFile>()
  const problems: string[] = []
  let text: string | null = null
  for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
    const name = entry.fileName
    if (!isPlainName(name) || found.has(name) || found.size >= MOST_FILES) {
      problems.push(`it holds a file that is not written: ${JSON.stringify(name)}`)
      continue
    }
    if (name === MANIFEST && entry.uncompressedSize > MOST_MANIFEST_BYTES)
      return { manifest: null, problems: ['its manifest is larger than any'] }
    const pieces: Buffer[] = []
    found.set(name, await written(zip, entry, join(folder, name), name === MANIFEST ? pieces : null))
    if (name === MANIFEST) text = Buffer.concat(pieces).toString('utf8')
  }
  if (text === null) return { manifest: null, problems: ['it has no manifest'] }
  const manifest = readManifest(text)
  if (typeof manifest === 'string') return { manifest: null, problems: [manifest] }
  for (const stated of manifest.files) {
    const one = found.get(stated.file)
    if (!one) problems.push(`${stated.file} is missing`)
    else if (one.sha256 !== stated.sha256 || one.bytes !== stated.bytes)
      problems.push(`${stated.file} is not the file that was packed: its SHA-256 is ${one.sha256}`)
  }
  const beside = besideManifest(manifest)
  const sums = found.get(SUMS)
  if (beside.includes(SUMS)) {
    const stated = Buffer.from(sumsText([found.get(MANIFEST)!, ...manifest.files]))
    if (sums?.sha256 !== digestOf(stated)) problems.push(`${SUMS} is not the file that was packed`)
  }
  const named = new Set([...beside, ...manifest.files.map((one) => one.file)])
  for (const name of found.keys()) if (!named.has(name)) problems.push(`${name} is not in the manifest`)
  return { manifest, problems }
}

async function written(zip: ZipFile, entry: Entry, to: string, pieces: Buffer[] | null): Promise<PackedFile> {
  const hash = createHash('sha256')
  let bytes = 0
  const watch = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece)
      bytes += piece.length
      pieces?.push(piece)
      done(null, piece)
    },
  })
  await pipeline(await zip.openReadStreamPromise(entry), watch, createWriteStream(to, { flags: 'wx' }))
  return { file: entry.fileName, bytes, sha256: hash.digest('hex') }
}
