/**
 * The exhibit as a command opens it, and the processes that will read it.
 *
 * These start before the code that matches and records is loaded, which takes as long as they take: this file imports
 * none of that.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../base/errors.ts'
import type { Exhibit, Limits } from '../contracts/case.ts'
import { describeExhibit, isInside } from '../source/mount/exhibit.ts'
import { mountAnswers } from '../source/mount/mount-answers.ts'
import { ReaderPool } from '../source/mount/reader-pool.ts'

/** How long a mount may take to answer the first question, before anything of this process depends on it. */
const ANSWER_MS = 20_000

/** @throws UsageError when the mount is missing, does not answer, or is writable and may not be */
export async function openExhibit(
  mount: string,
  allowWritable: boolean,
  answerMs = ANSWER_MS,
): Promise<Exhibit> {
  if (!(await mountAnswers(resolve(mount), answerMs)))
    throw new UsageError(
      `${mount} does not answer: a look at it did not return in ${Math.round(answerMs / 1000)} s. Check the mount (a FUSE or network mount can get stuck), then start again.`,
    )
  if (!existsSync(mount))
    throw new UsageError(`${mount}: there is no such folder. Mount the image first, read-only.`)
  const exhibit = await describeExhibit(mount)
  if (exhibit.writable && !allowWritable)
    throw new UsageError(
      `${mount} is writable (${exhibit.fileSystem}, ${exhibit.mountOptions}). Mount the image read-only (mount -o ro,loop,noload …), or add --allow-writable-mount to go on; ledger and report will say so.`,
    )
  return exhibit
}

export function refuseOutputInside(exhibit: Exhibit, output: string, option: string): void {
  if (isInside(exhibit.root, output))
    throw new UsageError(
      `${option} ${output} lies inside the exhibit. Nothing is ever written there: choose another folder.`,
    )
}

/** Processes that read, starting while the lists are loaded. They end with this one, however it ends. */
export function startReaders(exhibit: Exhibit, workers: number, limits: Limits, ed2k: boolean): ReaderPool {
  const readers = new ReaderPool({ root: exhibit.root, workers, limits, ed2k })
  readers.start()
  return readers
}
