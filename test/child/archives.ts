/** Containers made in memory for tests: neutral members, and the hostile shapes that archives come in. */
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import sevenZipModule, { type SevenZipModuleFactory } from '7z-wasm'
import { zipSync } from 'fflate'
import { type Header, pack } from 'tar-stream'

const SevenZip = sevenZipModule as unknown as SevenZipModuleFactory

export type Files = Readonly<Record<string, Uint8Array>>

export function zipOf(files: Files, level: 0 | 9 = 9): Buffer {
  return Buffer.from(zipSync(files, { level, mtime: new Date('2024-05-06T07:08:08') }))
}

export async function tarOf(
  members: readonly (Partial<Header> & { name: string; content?: Buffer })[],
): Promise<Buffer> {
  const packed = pack()
  for (const { content, ...header } of members)
    packed.entry({ mtime: new Date('2024-05-06T07:08:09Z'), ...header } as Header, content ?? Buffer.alloc(0))
  packed.finalize()
  return buffer(packed)
}

/** The portable format with 32-bit numbers in hexadecimal ("newc"). */
export function cpioOf(members: readonly (readonly [name: string, content: Buffer])[]): Buffer {
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
  const parts = [...members, ['TRAILER!!!', Buffer.alloc(0)] as const].map(([name, content], i) => {
    const fields = [i + 1, 0o100644, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0]
    const head = `070701${fields.map((value) => value.toString(16).padStart(8, '0')).join('')}${name}\0`
    return Buffer.concat([padded(Buffer.from(head, 'latin1')), padded(content)])
  })
  return Buffer.concat(parts)
}

export const gzipOf = (content: Buffer) => gzipSync(content)

/** Made by 7-Zip itself: `format` as its -t switch has it (7z, zip, xz, bzip2, zstd …). */
export async function sevenZipOf(format: string, files: Files, ...switches: string[]): Promise<Buffer> {
  const module = await SevenZip({ print: () => {}, printErr: () => {} })
  module.FS.mkdir('/in')
  for (const [name, content] of Object.entries(files)) module.FS.writeFile(`/in/${name}`, content)
  module.callMain([
    'a',
    `-t${format}`,
    ...switches,
    '/out',
    ...Object.keys(files).map((name) => `/in/${name}`),
  ])
  const made = module.FS.readdir('/').find((name) => name.startsWith('out'))
  if (!made) throw new Error(`7-Zip made no ${format}`)
  return Buffer.from(module.FS.readFile(`/${made}`))
}

export function mailOf(attachments: readonly { name: string; content: Buffer; type?: string }[]): Buffer {
  const boundary = 'seized-fixture'
  const parts = attachments.map(
    ({ name, content, type }) =>
      `--${boundary}\r\nContent-Type: ${type ?? 'application/octet-stream'}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${content.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`,
  )
  return Buffer.from(
    `From: a@example.org\r\nTo: b@example.org\r\nSubject: synthetic\r\nDate: Mon, 06 May 2024 07:08:09 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n--${boundary}\r\nContent-Type: text/plain\r\n\r\nThe train leaves at nine.\r\n${parts.join('')}--${boundary}--\r\n`,
  )
}

/** Two central-directory records that point at the same local header: overlapping members. */
export function overlappingZip(): Buffer {
  const one = zipOf({ 'a.txt': Buffer.from('the same bytes twice\n') }, 0)
  const directory = one.readUInt32LE(one.length - 22 + 16)
  const record = one.subarray(directory, one.length - 22)
  const end = Buffer.from(one.subarray(one.length - 22))
  end.writeUInt16LE(2, 8)
  end.writeUInt16LE(2, 10)
  end.writeUInt32LE(record.length * 2, 12)
  return Buffer.concat([one.subarray(0, directory), record, record, end])
}
