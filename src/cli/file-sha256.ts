/** SHA-256 of one of our own files, streamed. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}
