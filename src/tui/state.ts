/**
 * State of the live view, as a pure function of progress events. Texts are escaped here: no raw text reaches the view.
 */

import { printPath, printText } from '../base/evidence-path.ts'
import type { Hit } from '../contracts/finding.ts'
import type { Inside, ProgressEvent, Reading, Working } from '../contracts/progress.ts'
import type { Phase } from '../contracts/stage.ts'

export interface PhaseState {
  readonly phase: Phase | 'seal'
  readonly state: 'running' | 'done'
  readonly entriesDone: number
  readonly entriesTotal: number | null
  readonly bytesDone: bigint
  readonly bytesTotal: bigint | null
  readonly bytesPerSecond: number
  readonly etaSeconds: number | null
  readonly inside?: Inside
  readonly reading?: Reading
  readonly working?: Working
  readonly listing?: number
  /** Largest share so far: a bar never goes back, although new entries are found on the way. */
  readonly mostDone?: number
}

export interface RunState {
  readonly heading: string
  readonly ledger: string
  /** Phases that have begun, in that order. */
  readonly phases: readonly PhaseState[]
  readonly hits: number
  readonly leads: number
  readonly notDone: number
  /** Newest last. */
  readonly latestHits: readonly { readonly list: string; readonly path: string }[]
  readonly latestWarnings: readonly string[]
  readonly paused: boolean
  readonly sealed: boolean
}

export const START: RunState = {
  heading: '',
  ledger: '',
  phases: [],
  hits: 0,
  leads: 0,
  notDone: 0,
  latestHits: [],
  latestWarnings: [],
  paused: false,
  sealed: false,
}

const HITS_KEPT = 8
const WARNINGS_KEPT = 3

export function reduce(state: RunState, event: ProgressEvent): RunState {
  switch (event.event) {
    case 'started': {
      const { caseId, exhibitId, examiner } = event.case
      const heading = [`case ${caseId}`, `exhibit ${exhibitId}`, examiner].map(printText).join(' · ')
      return { ...state, heading, ledger: printText(event.ledger) }
    }
    case 'phase': {
      const { hits, leads, notDone } = event
      return { ...state, hits, leads, notDone, phases: [...finished(state.phases), begun(event)] }
    }
    case 'progress': {
      const { hits, leads, notDone } = event
      const others = state.phases.filter((p) => p.phase !== event.phase)
      const before = state.phases.find((p) => p.phase === event.phase)
      const running: PhaseState = { ...event, state: 'running' }
      const mostDone = Math.max(before?.mostDone ?? 0, shareOf(running) ?? 0)
      return { ...state, hits, leads, notDone, phases: [...finished(others), { ...running, mostDone }] }
    }
    case 'hit': {
      // Known contents are counted and not listed.
      if (event.hit.meaning === 'known') return state
      const shown = { list: listText(event.hit), path: printPath(event.path) }
      return { ...state, latestHits: [...state.latestHits, shown].slice(-HITS_KEPT) }
    }
    case 'warning': {
      const latest = [...state.latestWarnings, printText(event.message)]
      return { ...state, latestWarnings: latest.slice(-WARNINGS_KEPT) }
    }
    // Notes are for the record; the view has no room for them.
    case 'note':
      return state
    case 'paused':
      return { ...state, paused: true }
    case 'summary':
      return { ...state, sealed: true, phases: finished(state.phases) }
  }
}

/** 0–1 of the phase: by bytes where there are bytes to read, else by entries; null while the total is unknown. */
export function fractionDone(phase: PhaseState): number | null {
  if (phase.state === 'done') return 1
  const share = shareOf(phase)
  return share === null ? null : Math.max(share, phase.mostDone ?? 0)
}

function shareOf(phase: PhaseState): number | null {
  if (phase.entriesTotal === null) return null
  const byBytes = phase.bytesTotal ? Number(phase.bytesDone) / Number(phase.bytesTotal) : 1
  const byEntries = phase.entriesTotal === 0 ? 1 : phase.entriesDone / phase.entriesTotal
  return Math.min(1, Math.max(0, Math.min(byBytes, byEntries)))
}

function listText(hit: Hit): string {
  const category = hit.category === null ? '' : `, category ${hit.category}`
  return printText(`${hit.meaning}, ${hit.hashSet}${category}${hit.weak ? ', weak' : ''}`)
}

function finished(phases: readonly PhaseState[]): PhaseState[] {
  return phases.map((phase) => ({ ...phase, state: 'done' }))
}

function begun(event: Extract<ProgressEvent, { event: 'phase' }>): PhaseState {
  const counting = event.phase === 'inventory'
  return {
    phase: event.phase,
    state: 'running',
    entriesDone: 0,
    entriesTotal: counting ? null : event.entriesTotal,
    bytesDone: 0n,
    bytesTotal: counting ? null : event.bytesTotal,
    bytesPerSecond: 0,
    etaSeconds: null,
  }
}
