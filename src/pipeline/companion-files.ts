/**
 * Companion files of a database or a registry hive on the exhibit: its logs. A helper of the steps that read them.
 */
import type { EvidencePath } from '../contracts/entry.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import { type StageResult, withWarnings } from '../contracts/stage.ts'
import { type CompanionFiles, NO_COMPANION_FILES } from '../wire/companion-files.ts'
import { companionFilesIn } from '../wire/companion-names.ts'
import { besideAt, besideIn, besideOf, companionsInside, leftBeside } from './beside.ts'
import type { ContentReader } from './parts.ts'
import type { Run } from './run.ts'

const DATABASE = 'application/x-sqlite3'
const LOGGED: readonly string[] = [DATABASE, 'application/x-ft-windows-registry-hive']

/** `unread`: a log exists but could not be read or must not be read. */
export interface LogsFound {
  readonly logs: CompanionFiles
  readonly unread: boolean
}

/** Write-ahead log and rollback journal in the folder of the database on the exhibit; of a hive its logs. */
export async function companionFiles(
  run: Run,
  readers: Pick<ContentReader, 'bytes'>,
  pending: PendingContent,
): Promise<LogsFound> {
  if (!LOGGED.includes(pending.content.mediaType)) return { logs: NO_COMPANION_FILES, unread: false }
  const { lookBytes } = run.session.plan.limits
  const read = await besideOf(run, readers, pending, lookBytes, isLog)
  const companion = await companionOf(run, readers, pending, lookBytes)
  return {
    logs: { ...companionFilesIn(read), companion },
    unread: leftBeside(run, pending, read).some(isLog),
  }
}

/** Databases that store persons as numbers, and the paths of the database with the names: on Android, on iOS. */
const COMPANIONS: readonly (readonly [ending: RegExp, places: readonly string[]])[] = [
  [/[/:]arroyo\.db$/, ['main.db', '../DocObjects/primary.docobjects']],
]

/** Contents of the same archive that {@link companionFiles} asks for. */
export function companionsOfDerived(run: Run, { path, content }: PendingContent): readonly PendingContent[] {
  if (!LOGGED.includes(content.mediaType)) return []
  const paths = [
    ...companionsInside(run, path).flatMap(({ name, path: there }) => (isLog(name) ? [there] : [])),
    ...placesOfCompanion(path).flatMap((place) => besideIn(path, place) ?? []),
  ]
  return paths.flatMap((there) => run.session.named.at(there) ?? [])
}

async function companionOf(
  run: Run,
  readers: Pick<ContentReader, 'bytes'>,
  { path }: PendingContent,
  mostBytes: number,
): Promise<Buffer | null> {
  for (const place of placesOfCompanion(path)) {
    const bytes = await besideAt(run, readers, path, place, mostBytes)
    if (bytes !== null) return bytes
  }
  return null
}

function placesOfCompanion({ bytes }: EvidencePath): readonly string[] {
  const name = bytes.toString('latin1')
  return COMPANIONS.find(([ending]) => ending.test(name))?.[1] ?? []
}

/** Result for a database that was read without its log: changes in the log are missing. */
export function withoutLog(result: StageResult): StageResult {
  return result.result === 'done'
    ? withWarnings('partly-examined', { code: 'log-not-read', params: {} })
    : result
}

/** @param read the applied logs and the other companion files that were read */
export function lacksBeside(
  run: Run,
  pending: PendingContent,
  read: Parameters<typeof leftBeside>[2],
  result: StageResult,
): StageResult {
  const left = pending.content.mediaType === DATABASE ? leftBeside(run, pending, read) : []
  if (left.length === 0 || result.result !== 'done') return result
  const other = left.find((name) => !isLog(name))
  if (left.some(isLog)) return withoutLog(result)
  return withWarnings('partly-examined', { code: 'beside-not-read', params: { name: other! } })
}

function isLog(name: string): boolean {
  return /-(wal|journal)$|\.log[12]?$/i.test(name)
}
