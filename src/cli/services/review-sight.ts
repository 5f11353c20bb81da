/** The parts that sight of contents needs: the exhibit opened as in a scan, reader processes, and confined children. */
import { existsSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { CustodyRecord, LedgerIdentity } from '../../contracts/ledger-reader.ts'
import { keepOutOfCoreFiles } from '../../host/confine/no-core.ts'
import { keepSecrets } from '../../host/decoder/file-keys.ts'
import { JobPool } from '../../host/decoder/job-pool.ts'
import type { ContentReaders } from '../../host/reader/content-readers.ts'
import { CaseTiles } from '../../review/case-tiles.ts'
import type { ExhibitParts } from '../../review/exhibit-contents.ts'
import { KeptPreviews, recordedPreviews } from '../../review/kept-previews.ts'
import { dayOfLevels, NO_LIMITS } from '../../review/level-limits.ts'
import { listedAt } from '../../review/listed-at.ts'
import { NO_POLICY } from '../../review/policy.ts'
import { previewsPath } from '../../review/previews-file.ts'
import { Reveals } from '../../review/reveals.ts'
import { requireSameExhibit, somePlaces } from '../../review/same-exhibit.ts'
import { Screens } from '../../review/screens.ts'
import { SeenToday } from '../../review/seen-today.ts'
import type { ReviewSession } from '../../review/session.ts'
import { TilePixels } from '../../review/tile-pixels.ts'
import type { TileSource } from '../../review/tile-source.ts'
import type { Given } from '../arguments/option.ts'
import type { REVIEW } from '../arguments/options-table.ts'
import { secretsFor } from './keys-again.ts'
import { allowedBy, openExhibit, refuseOutputInside } from './open-exhibit.ts'
import { verifiedLedgersWithLogs } from './verified-logs.ts'

export interface OpenSight {
  /** Null when no exhibit was named. */
  readonly reveals: Reveals | null
  readonly screens: Screens
  close(): Promise<void>
}

const MINUTE_MS = 60_000
/** Children that make tiles: one for each of two cores. */
const TILE_CHILDREN = 2
/** A child is replaced after so many tiles: its memory of them goes with it. */
const TILES_PER_CHILD = 200

/**
 * @throws UsageError where children cannot be confined, or the exhibit cannot be opened or is not that of the ledger
 */
export async function openSight(session: ReviewSession, given: Given<typeof REVIEW>): Promise<OpenSight> {
  const path = given.image ?? given.exhibit
  keepOutOfCoreFiles('pictures')
  if (path === undefined) {
    return previewSight(session, given, await keptPreviews(session, session.ledger))
  }
  const secrets = secretsFor(session.ledger.plan, given.keys)
  const opened = await openExhibit(path, allowedBy(given), undefined, secrets)
  refuseOutputInside(opened.exhibit, session.ledger.path, 'The ledger')
  const { ledger } = session
  const { limits } = ledger.plan
  return sightOf(session, given, {
    keep: (openers) => keepSecrets(openers, secrets),
    startReaders: () => opened.startReaders(1, limits, false),
    requireSame: (parts) => requireSameExhibit(ledger, somePlaces(session), opened.exhibit, parts, path),
  })
}

/** Sight without an exhibit. @param pixels null: there are cells only */
export async function previewSight(
  session: ReviewSession,
  given: Given<typeof REVIEW>,
  pixels: TileSource | null,
): Promise<OpenSight> {
  const { rules } = given.policy ?? NO_POLICY
  const day = pixels === null ? NO_LIMITS : dayOfLevels(await seenToday(session, given), rules.day)
  const screens = new Screens(session, { pixels, rules, day })
  return { reveals: null, screens, close: async () => pixels?.close() }
}

/** Where a review reads contents from: an exhibit, or several of one case. */
export interface SightSource {
  /** Gives secrets to the children that open containers. */
  readonly keep: (openers: JobPool) => void
  readonly startReaders: () => ContentReaders
  /** @returns a warning, or null @throws UsageError where it is not the exhibit of the ledger */
  readonly requireSame: (parts: ExhibitParts) => Promise<string | null>
  /** Previews of exhibits of a case that are not at hand; absent: none. */
  readonly kept?: readonly KeptPreviews[]
}

/** @throws UsageError where children cannot be confined */
export async function sightOf(
  session: ReviewSession,
  given: Given<typeof REVIEW>,
  { keep, startReaders, requireSame, kept = [] }: SightSource,
): Promise<OpenSight> {
  const { rules } = given.policy ?? NO_POLICY
  const seen = await seenToday(session, given)
  const { limits } = session.ledger.plan
  const common = {
    size: 1,
    dataBytes: limits.childDataBytes,
    cpuMs: limits.decodeCpuMs,
    allowUnconfined: given.allowUnconfined,
  }
  // One job for each child: all its memory is freed when it ends.
  const decoders = new JobPool({ ...common, ops: ['reveal'], jobsPerChild: 1 })
  const openers = new JobPool({ ...common, ops: ['open'], jobsPerChild: 1 })
  keep(openers)
  const tileDecoders = new JobPool({
    ...common,
    size: TILE_CHILDREN,
    ops: ['reveal'],
    jobsPerChild: TILES_PER_CHILD,
  })
  const pools = [decoders, openers, tileDecoders]
  // Started now, so that the first tile waits for no start. What is compared has readers of its own: they end with it, and with them what they read.
  const [readers, compared] = [startReaders(), startReaders()]
  try {
    const tileChildren = Array.from({ length: TILE_CHILDREN }, () => tileDecoders.confinement())
    await Promise.all([decoders.confinement(), ...tileChildren])
    const parts = {
      readers: compared,
      openers,
      limits,
      listedAt: (path: EvidencePath) => listedAt(session, path),
    }
    const warning = await requireSame(parts).finally(() => compared.close())
    if (warning !== null) process.stderr.write(`${warning}\n`)
  } catch (error) {
    await Promise.all([readers, compared, ...pools].map((pool) => pool.close()))
    throw error
  }
  const made = new TilePixels(session, {
    ...{ decoders: tileDecoders, openers, limits },
    startReaders: () => readers,
  })
  const pixels = kept.length === 0 ? made : new CaseTiles(made, kept)
  const reveals = new Reveals(session, {
    exhibit: { openers, startReaders },
    decoders,
    limits: {
      pictures: least(given.maxReveals, rules.day.colour?.tiles),
      shownMs: inMs(least(given.maxMinutes, rules.day.colour?.minutes)),
    },
    seen,
    mostMs: given.revealSeconds * 1000,
  })
  return {
    reveals,
    screens: new Screens(session, { pixels, rules, day: dayOfLevels(seen, rules.day) }),
    close: async () => {
      await Promise.all([pixels.close(), readers.close(), ...pools.map((pool) => pool.close())])
    },
  }
}

/** Previews beside a ledger. @throws UsageError where the file is not the one of the custody log */
export async function keptPreviews(
  session: ReviewSession,
  ledger: LedgerIdentity & CustodyRecord,
): Promise<KeptPreviews | null> {
  const path = previewsPath(ledger.path)
  const recorded = recordedPreviews(ledger.custody())
  if (recorded === null || !existsSync(path)) return null
  if ((await fileSha256(path)) !== recorded)
    throw new UsageError(
      `${printText(path)} is not the one that was kept at the scan: its SHA-256 differs from the one in the custody log. Delete it, or give the exhibit.`,
    )
  return new KeptPreviews(session, path)
}

/** The stricter of two limits; null: there is none. */
function least(given: number | undefined, policy: number | null | undefined): number | null {
  const limits = [given, policy].filter((one) => typeof one === 'number')
  return limits.length === 0 ? null : Math.min(...limits)
}

function inMs(minutes: number | null): number | null {
  return minutes === null ? null : minutes * MINUTE_MS
}

/**
 * Counts over this ledger, which is already verified, and the named ledgers, which are verified now as in `seized
 * exposure`.
 */
async function seenToday(
  { ledger, log, asked }: ReviewSession,
  { countAlso, heads }: Given<typeof REVIEW>,
): Promise<SeenToday> {
  const also = countAlso.length === 0 ? [] : await verifiedLedgersWithLogs(countAlso, heads)
  const ledgers = [...new Set([log.ledger, ...also])]
  return new SeenToday(ledgers, asked.operator, ledger.case.timezone)
}
