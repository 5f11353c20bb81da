/**
 * Opens the exhibit for a command, and starts the processes that will read it.
 *
 * These processes start before the code for matching and recording is loaded, which takes as long as their start: this
 * file imports no such code.
 */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { byteString } from '../../base/byte-string.ts'
import { InstallationBroken, TryAgain, UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import type { Exhibit, Limits, Scope } from '../../contracts/case.ts'
import type { ExhibitImage } from '../../contracts/image-exhibit.ts'
import type { Lock, Secret } from '../../contracts/lock.ts'
import { requireConfinement } from '../../host/confine/gate.ts'
import { tryWall } from '../../host/confine/try-wall.ts'
import type { HeldImage } from '../../host/held/held-image.ts'
import { secretsOfBackups } from '../../host/held/opened-volumes.ts'
import { describeImage } from '../../host/lister/list-in-process.ts'
import { openHeldImage } from '../../host/lister/open-image.ts'
import { ReaderPool } from '../../host/reader/reader-pool.ts'
import { mountAnswers } from '../../host/walker/mount-answers.ts'
import { startWalker } from '../../host/walker/walk-in-process.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import { exhibitOf } from '../../source/image/exhibit.ts'
import { describeExhibit, isInside } from '../../source/mount/exhibit.ts'
import { imageSource, mountSource, type Source } from '../../source/source.ts'
import { trySource } from '../../source/try-source.ts'
import { refuseWrongSecrets, unneededSaid } from './opened-locks.ts'

/** Longest time for a mount to answer the first query, before this process depends on it. */
const ANSWER_MS = 20_000

export interface OpenExhibit {
  readonly exhibit: Exhibit
  /** Null for a mount. */
  readonly held: HeldImage | null
  /** Encrypted volumes of an image; empty for a mount. */
  readonly locks: readonly Lock[]
  /** Volume numbers of an image; empty for a mount. */
  readonly volumes: readonly number[]
  source(): Source
  /** A source with a process that is started before its task is known. */
  startSource(): Source
  /** Starts reader processes while the lists are loaded. They end with this process, in every case. */
  startReaders(workers: number, limits: Limits, ed2k: boolean): ReaderPool
  /** Tries the confinement of these processes. @returns what holds, in words for the ledger */
  tryWall(): Promise<Readonly<Record<string, string>>>
}

/** Permissions that a person gave with a command. */
export interface Allowed {
  /** Accept a mount that can be written to. */
  readonly allowWritable: boolean
  /** Accept processes that cannot be confined from files. */
  readonly allowUnconfined: boolean
}

export function allowedBy(given: {
  readonly allowWritableMount: boolean
  readonly allowUnconfined: boolean
}): Allowed {
  return { allowWritable: given.allowWritableMount, allowUnconfined: given.allowUnconfined }
}

/**
 * @param path mount folder of the exhibit, or an image's first segment
 * @throws Unconfined before any process is started; TryAgain when the exhibit is missing or does not answer;
 * UsageError when it is a writable mount without permission, or a secret opens nothing
 */
export async function openExhibit(
  path: string,
  { allowWritable, allowUnconfined }: Allowed,
  answerMs = ANSWER_MS,
  secrets: readonly Secret[] = [],
): Promise<OpenExhibit> {
  requireConfinement(allowUnconfined)
  if (!(await mountAnswers(resolve(path), answerMs)))
    throw new TryAgain(
      `${path} does not answer: a look at it did not return in ${Math.round(answerMs / 1000)} s. Check the mount (a FUSE or network mount can get stuck), then start again.`,
      'exhibit-missing',
    )
  if (!existsSync(path))
    throw new TryAgain(
      `${path}: there is no such folder or image. Mount or attach it, then try again.`,
      'exhibit-missing',
    )
  if (!statSync(path).isDirectory()) return openImageExhibit(path, secrets, allowUnconfined)
  return openMount(path, allowWritable, allowUnconfined)
}

async function openMount(
  path: string,
  allowWritable: boolean,
  allowUnconfined: boolean,
): Promise<OpenExhibit> {
  const exhibit = await describeExhibit(path)
  if (exhibit.writable && !allowWritable)
    throw new UsageError(
      `${path} is writable (${exhibit.fileSystem}, ${exhibit.mountOptions}). Mount the image read-only (mount -o ro,loop,noload …), or make a read-only view of what is mounted and scan that (mount --bind ${path} VIEW && mount -o remount,bind,ro VIEW), or add --allow-writable-mount to go on; ledger and report will say so.`,
    )
  return {
    exhibit,
    held: null,
    locks: [],
    volumes: [],
    source: () => mountSource(exhibit, undefined, walkTried()),
    startSource: () => mountSource(exhibit, startWalker(exhibit.root), walkTried()),
    startReaders: (workers, limits, ed2k) =>
      started(new ReaderPool({ root: exhibit.root, workers, limits, ed2k, tried: () => trySource('mount') })),
    tryWall: () => awaitedLater(tryWall(byteString(exhibit.root), allowUnconfined)),
  }
}

async function openImageExhibit(
  path: string,
  secrets: readonly Secret[],
  allowUnconfined: boolean,
): Promise<OpenExhibit> {
  const image = await openHeldImage(path, DEFAULT_LIMITS.readStallMs)
  const facts = await describeImage(image, DEFAULT_LIMITS.readStallMs, secrets)
  refuseEmptyImage(facts.image, path)
  refuseWrongSecrets(facts.locks, secrets, secretsOfBackups(image))
  for (const said of unneededSaid(facts.locks, secrets, secretsOfBackups(image)))
    process.stderr.write(`seized: ${said}\n`)
  const exhibit = exhibitOf(image, facts.image)
  return {
    exhibit,
    held: image,
    locks: facts.locks,
    volumes: facts.ranges.flatMap(({ range }) => (range.number === null ? [] : [range.number])),
    source: () => imageSource(image),
    startSource: () => imageSource(image),
    // Started only when there is work: a listing takes longer than processes wait.
    startReaders: (workers, limits, ed2k) =>
      new ReaderPool({
        root: exhibit.root,
        image,
        workers,
        limits,
        ed2k,
        tried: () => trySource('image'),
      }),
    tryWall: () => awaitedLater(tryWall(null, allowUnconfined)),
  }
}

/** @throws UsageError when the image is empty: its copy failed */
export function refuseEmptyImage({ sizeBytes }: Pick<ExhibitImage, 'sizeBytes'>, path: string): void {
  if (sizeBytes > 0) return
  throw new UsageError(
    `${printText(path)} holds no byte: there is nothing to examine. Look whether it was copied whole.`,
    { code: 'image-refused' },
  )
}

/** The first time that the walk ends by itself, another one is tested on a folder of our own. */
function walkTried(): () => Promise<void> {
  let tried: ReturnType<typeof trySource> | null = null
  return async () => {
    tried ??= trySource('mount')
    const broken = await tried
    if (broken !== null) throw new InstallationBroken(broken)
  }
}

/** Lists are loaded meanwhile: a failure is no unhandled one until then. */
function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

function started(readers: ReaderPool): ReaderPool {
  readers.start()
  return readers
}

export function refuseOutputInside(exhibit: Exhibit, output: string, option: string): void {
  if (isInside(exhibit.root, output))
    throw new UsageError(
      `${option} ${output} lies inside the exhibit. Nothing is ever written there: choose another folder.`,
    )
}

/** @throws UsageError: a volume that does not exist would otherwise be left out silently */
export function refuseAbsentVolumes({ volumes = [] }: Scope, { held, volumes: there }: OpenExhibit): void {
  const absent = volumes.filter((number) => !there.includes(number))
  if (absent.length === 0) return
  throw new UsageError(
    held === null
      ? '--scope volume= needs the image itself: a mount has no volumes.'
      : `--scope volume=${absent.join(', volume=')}: the image has no such volume; it has ${there.join(', ') || 'none'} (seized image names them).`,
  )
}
