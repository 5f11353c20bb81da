/** Unpacks members of a container with 7-Zip, and compares what comes out with what the container states. */
import { crc32 } from 'node:zlib'
import { notDone } from '../../contracts/stage.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { libraryText } from '../bytes/coded-error.ts'
import type { MemberContent } from './common/container.ts'
import { asIs, failureIn, type Listed } from './seven-zip-list.ts'
import { CONTAINER, callSevenZip, NO_PROGRESS, passwordSwitch, startSevenZip } from './seven-zip-run.ts'

export interface Unpacked {
  readonly files: ReadonlyMap<string, () => Buffer>
  readonly problem: string
  /** Messages of 7-Zip about single members, by path. */
  readonly said: ReadonlyMap<string, string>
}

/** @param wanted null: all members @param password null: none */
export async function extract(
  source: ByteSource,
  wanted: readonly Listed[] | null,
  password: string | null,
): Promise<Unpacked> {
  const { module, printed } = await startSevenZip(source)
  const only: string[] = []
  if (wanted) {
    module.FS.writeFile('/in/list', wanted.map(({ path }) => `${path}\n`).join(''))
    // Disables wildcards in names (-spd).
    only.push('-spd', '-scsUTF-8', '-i@/in/list')
  }
  const code = callSevenZip(module, [
    'x',
    '-y',
    ...asIs(source),
    NO_PROGRESS,
    passwordSwitch(password),
    '-o/out',
    ...only,
    '--',
    CONTAINER,
  ])
  module.FS.unlink(CONTAINER)
  const files = new Map<string, () => Buffer>()
  const walk = (folder: string) => {
    for (const name of module.FS.readdir(folder)) {
      if (name === '.' || name === '..') continue
      const path = `${folder}/${name}`
      const { mode } = module.FS.lstat(path)
      if (module.FS.isDir(mode)) walk(path)
      else if (module.FS.isFile(mode))
        files.set(path.slice('/out/'.length), () => Buffer.from(module.FS.readFile(path)))
    }
  }
  if (module.FS.readdir('/').includes('out')) walk('/out')
  const said = printed.flatMap((line) => {
    const [, text, path] = /^ERROR: (.+?) : (.+)$/.exec(line) ?? []
    return text && path ? [[path, text] as const] : []
  })
  return { files, problem: code === 0 ? '' : failureIn(printed), said: new Map(said) }
}

/**
 * Path where 7-Zip writes a member. 7-Zip removes empty, `.` and `..` steps (all members of an RPM start with one).
 * In the name of a stream it replaces every colon after the first.
 */
export function unpackedPath({ path, isStream }: Listed): string {
  const whole = path
    .split('/')
    .filter((step) => !['', '.', '..'].includes(step))
    .join('/')
  const at = whole.indexOf(':', whole.lastIndexOf('/') + 1) + 1
  return isStream ? whole.slice(0, at) + whole.slice(at).replaceAll(':', '_') : whole
}

/**
 * Reports the damage that 7-Zip prints. Otherwise compares size and CRC-32 with the stated values, because two
 * members with one name share one unpacked file.
 */
export function withDamage(item: Listed, bytes: Buffer, said: string): MemberContent {
  const { statedBytes, crc } = item
  const detail = said
    ? libraryText(said)
    : statedBytes !== null && statedBytes !== bytes.length
      ? ({ code: 'size-differs', params: { bytes: bytes.length, of: statedBytes } } as const)
      : crc !== null && crc32(bytes) !== crc
        ? ({ code: 'checksum-differs', params: {} } as const)
        : null
  if (detail === null) return bytes
  return bytes.length === 0 ? notDone('decode-failed', detail) : { kind: 'damaged', bytes, detail }
}
