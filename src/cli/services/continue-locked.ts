/**
 * `--continue-locked`: a new ledger for the volumes and files that an earlier one left locked, chained to its newest head. A file
 * counts as the exhibit has it: of an archive with one locked member, all is examined again.
 */
import { basename } from 'node:path'
import { byteString, bytesOf } from '../../base/byte-string.ts'
import { UsageError } from '../../base/errors.ts'
import { filePath, listedPath, printText, volumePath } from '../../base/evidence-path.ts'
import type { Scope } from '../../contracts/case.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import { fileLockOf } from '../../contracts/file-lock.ts'
import { isUsedFor, type Secret } from '../../contracts/lock.ts'
import type { EntryView } from '../../contracts/view.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { placesBeside } from '../../pipeline/beside.ts'
import type { OpenExhibit } from './open-exhibit.ts'
import { sameExhibit } from './same-image.ts'
import { verifyFirst } from './verified.ts'

export interface Continued {
  /** Only what was locked then: volumes that are open now, and files that a secret may open. */
  readonly scope: Scope
  /** Newest head of the earlier ledger. */
  readonly head: string
  readonly ledger: string
}

/** The plan names each place. */
const MOST_PLACES = 100_000

/** @throws UsageError when the ledger is not sealed or of another exhibit, or nothing of what was locked can open */
export async function continueLocked(
  path: string,
  { exhibit, locks }: OpenExhibit,
  secrets: readonly Secret[],
  scope: Scope,
  heads: string | undefined,
): Promise<Continued> {
  await verifyFirst(path, { heads })
  const ledger = openLedger(path)
  try {
    if (ledger.seal === null)
      throw new UsageError(`${printText(path)} is not sealed: go on with it by seized resume first.`)
    if (!sameExhibit(ledger.exhibit, exhibit))
      throw new UsageError(`${printText(path)} is of another exhibit than the one that is named now.`, {
        code: 'exhibit-differs',
      })
    if (scope.volumes !== undefined)
      throw new UsageError('--continue-locked chooses the volumes: leave --scope volume= out.')
    const locked = ledger
      .ranges()
      .flatMap(({ range, listed }) =>
        range.number !== null && 'reason' in listed && listed.reason === 'encrypted' ? [range.number] : [],
      )
    const opened = locks
      .filter(({ volume, openedBy }) => openedBy.length > 0 && locked.includes(volume))
      .map(({ volume }) => volume)
    const isForFiles = secrets.some((secret) => isUsedFor('files', secret))
    const files = isForFiles ? lockedPlaces(ledger.entries()) : []
    if (opened.length === 0 && files.length === 0)
      throw new UsageError(
        `No volume opens that ${printText(path)} left locked (${locked.map((number) => `volume ${number}`).join(', ') || 'it left none'}), and it left no locked file that a secret of the keys file is tried on.`,
        { code: 'keys-missing' },
      )
    if (files.length > MOST_PLACES)
      throw new UsageError(
        `${printText(path)} left ${files.length} files locked, more than ${MOST_PLACES}: scan the exhibit anew with --keys.`,
      )
    return { scope: scopeOf(scope, opened, files), head: ledger.newestHead(), ledger: basename(path) }
  } finally {
    ledger.close()
  }
}

function scopeOf(scope: Scope, opened: readonly number[], files: readonly EvidencePath[]): Scope {
  const volumes = new Set([...opened, ...files.flatMap(volumeOf)])
  const places = [...opened.map((number) => volumePath(number, Buffer.alloc(0))), ...files]
  return {
    ...scope,
    ...(volumes.size > 0 && { volumes: [...volumes].sort((a, b) => a - b) }),
    within: [...new Set(places.map(({ bytes }) => byteString(bytes)))].sort(),
  }
}

/** Empty for an entry of a mount. */
function volumeOf({ steps }: Pick<EvidencePath, 'steps'>): readonly number[] {
  return steps.flatMap(({ kind, name }) => (kind === 'volume' ? [Number(name.toString('latin1'))] : []))
}

/**
 * Listed entries that are locked or have a locked member, with the companions that opening them needs. An encrypted iOS backup is
 * its folder.
 */
function lockedPlaces(entries: Iterable<EntryView>): readonly EvidencePath[] {
  const places = new Map<string, EvidencePath>()
  const put = (path: EvidencePath) => places.set(byteString(path.bytes), path)
  const backups: string[] = []
  for (const view of entries) {
    if (!isLocked(view)) continue
    const listed = listedPath(view.entry.path)
    put(listed)
    if (listed.bytes.length !== view.entry.path.bytes.length) continue
    const mediaType = view.content?.mediaType ?? ''
    for (const { path } of placesBeside(listed, mediaType)) put(path)
    if (fileLockOf(mediaType)?.format !== 'ios-backup') continue
    const folder = folderOf(listed)
    put(folder)
    backups.push(byteString(folder.bytes))
  }
  for (const place of places.keys())
    if (backups.some((folder) => isBelow(place, folder))) places.delete(place)
  return [...places.values()]
}

function folderOf({ steps }: EvidencePath): EvidencePath {
  const name = byteString(steps.at(-1)!.name)
  const folder = bytesOf(name.slice(0, Math.max(0, name.lastIndexOf('/'))))
  const [volume] = volumeOf({ steps })
  return volume === undefined ? filePath(folder) : volumePath(volume, folder)
}

function isBelow(place: string, folder: string): boolean {
  if (place === folder || !place.startsWith(folder)) return false
  return folder === '' || place[folder.length] === '/' || place[folder.length] === '\0'
}

function isLocked({ stages, attributes }: EntryView): boolean {
  return (
    attributes.some(({ code }) => code === 'file-lock-closed') ||
    Object.values(stages).some(
      (one) => 'reason' in one && (one.reason === 'encrypted' || one.reason === 'encrypted-member'),
    )
  )
}
