/** Accounts of a case as data: one JSON document, rows of CSV, or CASE/UCO nodes. */
import { VERSION } from '../../base/version.ts'
import { csvRow } from '../../report/exchange/csv.ts'
import { type Node, node, ref, typed, writeGraph } from '../../report/exchange/graph.ts'
import { uuidOf } from '../../report/exchange/ids.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import type { TextOut } from '../../report/model/text-out.ts'
import type { Account, CaseAccounts } from './accounts.ts'

export type WriteAccounts = (of: CaseAccounts, caseNumber: string, text: TextOut) => Promise<void>

export const writeJson: WriteAccounts = async (of, caseNumber, text) => {
  const { exhibits, accounts, transfers, links } = of
  const document = {
    about: 'seized accounts 1',
    case: caseNumber,
    madeWith: `seized ${VERSION}`,
    exhibits,
    accounts: accounts.map((one) => ({
      account: one.key,
      isNumber: one.isNumber,
      recordedAs: [...one.recordedAs].sort(),
      names: one.names.all,
      programs: [...one.programs].sort(),
      on: [...one.on.values()],
    })),
    links,
    transfers: transfers.map((one) => ({ ...one, liesOn: of.holders.get(one.sha256) ?? [] })),
  }
  await text.write(`${jsonLine(document)}\n`)
}

const COLUMNS = [
  ...[
    'row',
    'case',
    'exhibit',
    'account',
    'recordedAs',
    'names',
    'programs',
    'direction',
    'sent',
    'received',
  ],
  ...['other', 'first', 'last', 'sha256', 'list', 'liesOn', 'ledger', 'newestHead', 'basis'],
  ...['reason', 'path', 'namedOn', 'namedBy', 'namedIn', 'namedFrom'],
] as const

/** `account`: an account on one exhibit; `name`: a name that another exhibit gives it; `transfer`: one content; `exhibit`: what was read of it. */
export const writeCsv: WriteAccounts = async (of, caseNumber, text) => {
  const row = (said: Partial<Record<(typeof COLUMNS)[number], string | number | null>>) =>
    text.write(csvRow(COLUMNS.map((name) => String((name === 'case' ? caseNumber : said[name]) ?? ''))))
  await text.write(csvRow([...COLUMNS]))
  for (const { basis, ...one } of of.exhibits)
    await row({ row: 'exhibit', ...one, basis: basis ?? 'none: not read' })
  for (const { key, recordedAs, names, programs, on } of of.accounts)
    for (const one of on.values())
      await row({
        row: 'account',
        ...one,
        account: key,
        recordedAs: [...recordedAs].sort().join('; '),
        names: names.all
          .filter(({ exhibit }) => exhibit === one.exhibit)
          .map(({ name }) => name)
          .join('; '),
        programs: [...programs].sort().join('; '),
      })
  for (const { account, name, reason, named, recorded } of of.links)
    await row({
      row: 'name',
      account,
      names: name,
      reason,
      exhibit: recorded.exhibit,
      programs: recorded.program,
      path: recorded.path,
      namedOn: named.exhibit,
      namedBy: named.program,
      namedIn: named.path,
      namedFrom: named.from,
    })
  for (const { time, program, ...one } of of.transfers)
    await row({
      row: 'transfer',
      ...one,
      programs: program,
      first: time,
      liesOn: (of.holders.get(one.sha256) ?? []).join('; '),
    })
}

export const writeCase: WriteAccounts = async (of, caseNumber, text) => {
  await writeGraph(text, nodesOf(of, caseNumber))
}

function* nodesOf(of: CaseAccounts, caseNumber: string): Iterable<Node> {
  const id = (...name: string[]) =>
    `urn:uuid:${uuidOf({ case: { caseId: caseNumber, exhibitId: '' } }, 'accounts', ...name)}`
  for (const { exhibit } of of.exhibits)
    yield node(id('exhibit', exhibit), 'uco-observable:ObservableObject', { 'uco-core:name': exhibit })
  for (const account of of.accounts) {
    const facet = id('facet', account.key)
    yield node(id('account', account.key), 'uco-observable:ObservableObject', {
      'uco-core:name': account.key,
      ...namesSaid(account),
      'uco-core:hasFacet': [ref(facet)],
    })
    yield facetOf(facet, account)
    for (const { exhibit, sent, received, other } of account.on.values())
      for (const [kind, records] of [
        ['Sent_To', sent],
        ['Received_From', received],
        ['Related_To', other],
      ] as const)
        if (records > 0)
          yield node(id('relation', exhibit, account.key, kind), 'uco-observable:ObservableRelationship', {
            'uco-core:source': ref(id('exhibit', exhibit)),
            'uco-core:target': ref(id('account', account.key)),
            'uco-core:kindOfRelationship': kind,
            'uco-core:isDirectional': typed('boolean', true),
            'uco-core:description': `${records} record(s)`,
          })
  }
  for (const sha256 of new Set(of.transfers.map((one) => one.sha256))) {
    const [content, hash] = [id('content-facet', sha256), id('hash', sha256)]
    yield node(id('content', sha256), 'uco-observable:ObservableObject', {
      'uco-core:hasFacet': [ref(content)],
    })
    yield node(content, 'uco-observable:ContentDataFacet', { 'uco-observable:hash': [ref(hash)] })
    yield node(hash, 'uco-types:Hash', {
      'uco-types:hashMethod': 'SHA256',
      'uco-types:hashValue': typed('hexBinary', sha256.toUpperCase()),
    })
  }
  for (const [i, one] of of.transfers.entries())
    yield node(id('transfer', String(i)), 'uco-observable:ObservableRelationship', {
      'uco-core:source': ref(id('content', one.sha256)),
      'uco-core:target': ref(one.account === null ? id('exhibit', one.exhibit) : id('account', one.account)),
      'uco-core:kindOfRelationship': one.direction === 'sent' ? 'Sent_To' : 'Received_From',
      'uco-core:isDirectional': typed('boolean', true),
      'uco-core:description': `on ${one.exhibit}, by ${one.program}${one.time === null ? '' : `, ${one.time}`}`,
    })
}

/** Each name with the exhibit and the program that give it. */
function namesSaid({ names }: Account): Readonly<Record<string, unknown>> {
  const said = names.all.map(
    ({ name, exhibit, program }) => `named on ${exhibit} as “${name}”, by ${program}`,
  )
  return said.length === 0 ? {} : { 'uco-core:description': said.join('; ') }
}

function facetOf(facet: string, { key, isNumber, programs }: Account): Node {
  if (isNumber)
    return node(facet, 'uco-observable:PhoneAccountFacet', {
      'uco-observable:phoneNumber': `+${key.slice(4)}`,
    })
  const [program] = [...programs].sort()
  return node(facet, 'uco-observable:AccountFacet', {
    'uco-observable:accountIdentifier': key.slice(program!.length + 1),
  })
}
