/**
 * `seized timestamp`: makes a request for the newest seal statement, and imports the response that a person brings
 * back. No network.
 */
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { checkedStamp, eventsWith, newestStatement } from '../../sign/check-custody.ts'
import { timeStampRequest } from '../../sign/time-stamp.ts'
import type { Given } from '../arguments/option.ts'
import type { TIMESTAMP } from '../arguments/options-table.ts'
import { trustedIn } from '../services/trusted.ts'
import { type Vouchable, withVouchable } from '../services/vouchable.ts'
import { readSmall, refuseExisting, writeNew } from '../services/vouching.ts'

const REQUESTED = 'time-stamp-requested'

export async function timestamp([file]: readonly string[], given: Given<typeof TIMESTAMP>): Promise<number> {
  if ((given.request === undefined) === (given.response === undefined))
    throw new UsageError('Give --request FILE to make a request, or --response FILE to take one in.')
  if (given.request !== undefined) refuseExisting('--request', resolve(given.request))
  return withVouchable(file!, given.heads, (of) =>
    given.request === undefined ? takeIn(of, given) : make(of, given),
  )
}

function make({ path, events, statementName, record }: Vouchable, given: Given<typeof TIMESTAMP>): number {
  const { number, fact } = newestStatement(events)
  const request = timeStampRequest(Buffer.from(fact.text))
  writeNew('--request', resolve(given.request!), request)
  record({
    event: REQUESTED,
    operator: given.operator,
    detail: { statement: String(number), request: request.toString('base64') },
  })
  process.stdout.write(
    `Request for ${statementName} ${number}: ${resolve(given.request!)}\nSend it to a time-stamping authority (application/timestamp-query), then: seized timestamp ${path} --response FILE\n`,
  )
  return 0
}

/** Imports a response for the newest request that it answers. */
function takeIn({ events, statementName, record }: Vouchable, given: Given<typeof TIMESTAMP>): number {
  const response = readSmall('--response', given.response!)
  const requests = events.filter(({ event }) => event === REQUESTED).reverse()
  if (requests.length === 0)
    throw new UsageError('No time stamp was asked for yet: seized timestamp LEDGER --request FILE.')
  const trusted = trustedIn(given.trust)
  let why = ''
  for (const { detail } of requests) {
    const statement = eventsWith(events, 'statement').find(
      ({ number }) => String(number) === detail.statement,
    )
    if (statement?.fact.kind !== 'statement') continue
    const request = Buffer.from(detail.request ?? '', 'base64')
    const checked = checkedStamp(statement.fact.text, { request, response }, trusted)
    if (typeof checked === 'string') {
      why ||= checked
      continue
    }
    const fact = { kind: 'time-stamp', statement: statement.number, request, response } as const
    const at = { at: checked.at }
    const { number } = record({ event: 'time-stamped', operator: given.operator, detail: at, fact })
    process.stdout.write(
      `Time stamp ${number} of ${statementName} ${statement.number}: ${checked.at} by ${checked.by}\n`,
    )
    return 0
  }
  throw new UsageError(`--response ${given.response} was not taken in: ${why}.`)
}
