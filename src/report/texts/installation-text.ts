/** Sentences on a run that stopped because the installation was, or may have been, broken. */
import { PROCESS_DOES, type ProcessKind } from '../../base/errors.ts'
import { CHILD_CANNOT_START, INSTALLATION_BROKEN } from '../../contracts/installation.ts'
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import { ENGLISH } from './index.ts'

const SENTENCES = new Map([
  [INSTALLATION_BROKEN, 'installation-broken'],
  [CHILD_CANNOT_START, 'process-not-started'],
] as const)

/** A sentence of both editions, with its parameters. */
export interface InstallationEvent {
  readonly code: 'installation-broken' | 'process-not-started'
  readonly params: {
    readonly when: string
    /** A key of PROCESS_DOES; any text in a ledger of another version. */
    readonly process: string
    readonly said: string
    readonly wentOn: 'yes' | 'no'
  }
}

/** One item for each event; the sentence tells whether the run continued afterwards. */
export function installationEvents(ledger: Pick<LedgerReader, 'events'>): readonly InstallationEvent[] {
  const events = ledger.events()
  return events.flatMap(({ event, utc, detail }, i) => {
    const code = SENTENCES.get(event as typeof INSTALLATION_BROKEN)
    if (code === undefined) return []
    const wentOn = events.slice(i).some((later) => later.event === 'resumed') ? 'yes' : 'no'
    return [{ code, params: { when: utc, process: detail.process ?? '', said: detail.said ?? '', wentOn } }]
  })
}

/** In English words. */
export function installationTexts(ledger: Pick<LedgerReader, 'events'>): readonly string[] {
  return installationEvents(ledger).map(({ code, params }) => {
    const process = Object.hasOwn(PROCESS_DOES, params.process)
      ? PROCESS_DOES[params.process as ProcessKind]
      : params.process
    return ENGLISH.sentence('exhibit', code, { ...params, process })
  })
}
