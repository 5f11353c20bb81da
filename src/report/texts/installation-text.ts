/** What a report says of a run that stopped because the installation was broken, or may have been. */
import { PROCESS_DOES, type ProcessKind } from '../../base/errors.ts'
import { CHILD_CANNOT_START, INSTALLATION_BROKEN } from '../../contracts/installation.ts'
import type { LedgerReader, RunEvent } from '../../contracts/ledger.ts'
import { ENGLISH } from './index.ts'

const SENTENCES = new Map([
  [INSTALLATION_BROKEN, 'installation-broken'],
  [CHILD_CANNOT_START, 'process-not-started'],
])

/** @returns one sentence for each time; whether the run went on afterwards stands in it */
export function installationTexts(ledger: Pick<LedgerReader, 'events'>): readonly string[] {
  const events = ledger.events()
  return events.flatMap((event, i) =>
    SENTENCES.has(event.event)
      ? [
          sentence(
            event,
            events.slice(i).some(({ event }) => event === 'resumed'),
          ),
        ]
      : [],
  )
}

function sentence({ event, utc, detail }: RunEvent, wentOn: boolean): string {
  const process = Object.hasOwn(PROCESS_DOES, detail.process ?? '')
    ? PROCESS_DOES[detail.process as ProcessKind]
    : (detail.process ?? '')
  return ENGLISH.sentence('exhibit', SENTENCES.get(event)!, {
    when: utc,
    process,
    said: detail.said ?? '',
    wentOn: wentOn ? 'yes' : 'no',
  })
}
