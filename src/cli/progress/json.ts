/** Writes one JSON object on each line of standard output, the summary last: for programs that run seized. */

import { printPath } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import type { ProgressEvent } from '../../contracts/progress.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import { safeNumber } from '../../report/model/values.ts'
import { isoNow } from './clock.ts'
import type { Progress, ProgressStreams } from './progress.ts'
import { drained } from './streams.ts'

export function jsonProgress({ stdout }: Pick<ProgressStreams, 'stdout'>, now = isoNow): Progress {
  return {
    on: (event) => {
      stdout.write(`${jsonLine(eventRecord(event, now()))}\n`)
    },
    close: () => drained(stdout),
  }
}

/** The summary has exactly the documented keys; every other event also contains its time. */
function eventRecord(event: ProgressEvent, utc: string): Record<string, unknown> {
  switch (event.event) {
    case 'summary':
      return {
        event: event.event,
        case: event.case.caseId,
        exhibit: event.case.exhibitId,
        examiner: event.case.examiner,
        ledger: event.ledger,
        entries: event.entries,
        places: safeNumber(event.places),
        contents: event.contents,
        stages: event.stages,
        hits: event.hits,
        hitsByMeaning: event.hitsByMeaning,
        conflicts: event.conflicts,
        near: event.near,
        references: event.references,
        leads: event.leads,
        leadsPutLast: event.leadsPutLast ?? 0,
        evidenceDigest: event.evidenceDigest,
        analysisDigest: event.analysisDigest,
        chainHead: event.chainHead,
        custodyHead: event.custodyHead,
        ledgerSha256: event.ledgerSha256,
        ...(event.samples ? { samples: event.samples } : {}),
        image: { state: event.image.kind, lostBytes: event.image.lostBytes, hashes: event.image.hashes },
        ...(event.readAgain ? { readAgain: event.readAgain } : {}),
        complete: event.complete,
        incomplete: event.incomplete ?? [],
        exitCode: event.exitCode,
        ...(event.clock.length === 0 ? {} : { clock: event.clock }),
      }
    case 'hit':
      return {
        event: event.event,
        utc,
        path: printPath(event.path),
        pathBytes: event.path.bytes.toString('base64'),
        hit: event.hit,
      }
    case 'paused':
      return {
        event: event.event,
        utc,
        reason: event.reason,
        ledger: event.ledger,
        exitCode: EXIT.interrupted,
      }
    default:
      return { ...withNumbers(event), event: event.event, utc }
  }
}

/** Byte counts as numbers, or as text where a number would not be exact. */
function withNumbers(event: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [
      key,
      typeof value === 'bigint' ? safeNumber(value) : key === 'reading' ? withNumbers(value) : value,
    ]),
  )
}
