/** Notes on an exhibit, for terminal and page. */
import type { ExhibitStatus } from '../queue/status.ts'
import { LAB_WORDS as W } from './words.ts'

/** A host is asked every second; a minute without a word is long. */
export const SILENT_S = 60

export interface Note {
  readonly text: string
  readonly alarm: boolean
}

export function notesOn(one: ExhibitStatus, withAttempts: boolean): readonly Note[] {
  const note = (text: string, alarm = false): Note => ({ text, alarm })
  return [
    ...(one.shared === undefined ? [] : [note(W.shared(one.shared))]),
    ...(withAttempts
      ? one.earlier.map(({ n, host, state, code }) => note(W.earlier(n, host, state, code)))
      : []),
    ...one.superseded.map(({ host, same }) => note(W.superseded(host, same), !same)),
    ...one.takenBack.map(({ fence, utc, why }) => note(W.takenBack(fence, utc, why))),
    ...one.misfits.map(({ host, why }) => note(W.misfit(host, why))),
    ...(one.archived === null ? [] : [note(W.archived(one.archived))]),
  ]
}

/** Findings so far, from the scan's own progress; the ledger is not read for them. */
export function soFar({ progress }: ExhibitStatus): string {
  return W.soFar(Number(progress?.hits ?? 0), Number(progress?.leads ?? 0))
}
