/** `seized case policy|assign`: what holds for every session of a case, and which exhibits and views are whose. */
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { eventBy } from '../../case/case-event.ts'
import { appendToCase } from '../../case/case-folder.ts'
import { type AssignedView, assignedDetail } from '../../case/policy/assignments.ts'
import { digestOfPolicy, parseCasePolicy, policyLines, policyText } from '../../case/policy/case-policy.ts'
import { PASSES_OF } from '../../case/roles.ts'
import type { CustodyEvent } from '../../contracts/custody.ts'
import { SavedViews } from '../../ledger/custody/saved-views.ts'
import { type ScaleTable, shippedScales } from '../../match/records/scale.ts'
import { checkCategory, scaleCalled, scaleTablesOf } from '../../review/deciding.ts'
import type { Given } from '../arguments/option.ts'
import type { CASE_ASSIGN, CASE_POLICY } from '../arguments/options-table.ts'
import { noteCaseHead, type OpenedCase, openedCase } from '../services/case-folders.ts'
import { closeAll, openCase } from '../services/case-ledgers.ts'
import { policyOf } from '../services/policy-of-case.ts'

export async function policy([folder]: readonly string[], given: Given<typeof CASE_POLICY>): Promise<number> {
  const opened = openedCase(folder!, given.heads)
  const {
    scale,
    sample,
    category,
    settle,
    unsettled,
    reveal,
    policy: sight,
    none,
    operator = null,
    heads,
  } = given
  const isAsked =
    [sample, sight, unsettled].some((one) => one !== undefined) ||
    [category, settle, reveal].some((one) => one.length > 0)
  if (scale === undefined && !none) {
    if (isAsked) throw new UsageError('A policy of a case names its scale: --scale.')
    const now = policyOf(opened.state)
    process.stdout.write(now === null ? 'The case has no policy.\n' : `${policyLines(now).join('\n')}\n`)
    return EXIT.complete
  }
  if (none) {
    if (scale !== undefined || isAsked) throw new UsageError('--none ends the policy: give it alone.')
    logged(opened, { event: 'policy-set', operator, detail: { none: 'yes' } }, heads)
    process.stdout.write('The case has no policy any longer.\n')
    return EXIT.complete
  }
  const table = await scaleOf(scale!, folder!, given)
  for (const one of [...category, ...settle]) checkCategory(one, table)
  const text = policyText({
    scale: table.id,
    sample: sample ?? null,
    categories: category,
    settle: settle.length === 0 ? null : settle,
    unsettled: unsettled ?? 'refuse',
    reveal: reveal.length === 0 ? null : reveal,
    sight: sight?.text ?? null,
  })
  const set = parseCasePolicy(text)
  logged(
    opened,
    { event: 'policy-set', operator, detail: { policySha256: digestOfPolicy(text), policy: text } },
    heads,
  )
  process.stdout.write(
    `${policyLines(set).join('\n')}\nEvery session of the case is held to it from now on.\n`,
  )
  return EXIT.complete
}

/** A scale of the program, or one that a ledger of the case was graded with. @throws UsageError */
async function scaleOf(id: string, folder: string, given: Given<typeof CASE_POLICY>): Promise<ScaleTable> {
  if (shippedScales().some((one) => one.id === id)) return scaleCalled(id, [])
  const ledgers = await openCase([folder], given)
  try {
    return scaleCalled(
      id,
      ledgers.flatMap((one) => scaleTablesOf(one, given.scaleTable)),
    )
  } finally {
    closeAll(ledgers)
  }
}

export function assign([folder, name]: readonly string[], given: Given<typeof CASE_ASSIGN>): number {
  const opened = openedCase(folder!, given.heads)
  const { state, events } = opened
  const person = name!.trim()
  const { exhibit: exhibits, view: named, none, operator = null, heads } = given
  if (person === '') throw new UsageError('The name is empty.')
  if (none === exhibits.length + named.length > 0)
    throw new UsageError('Give --exhibit or --view for what the person gets, or --none alone to end it.')
  const role = state.persons.get(person)
  if (!none && state.persons.size > 0 && (role === undefined || PASSES_OF[role].length === 0))
    throw new UsageError(
      `${printText(person)} ${role === undefined ? 'is no person of the case' : `has the role ${role}`} and grades nothing: seized case person names persons and roles.`,
    )
  for (const one of exhibits)
    if (!state.exhibits.some(({ exhibit }) => exhibit === one))
      throw new UsageError(
        `The case holds no exhibit ${printText(one)}: ${state.exhibits.map(({ exhibit }) => printText(exhibit)).join(', ')}.`,
      )
  const views = named.map((one) => viewCalled(one, events))
  logged(
    opened,
    { event: 'work-assigned', operator, detail: assignedDetail(person, { exhibits, views }) },
    heads,
  )
  const said = [...exhibits, ...named].map(printText).join(', ')
  process.stdout.write(
    none
      ? `${printText(person)}: nothing is assigned.\n`
      : `${printText(person)} is offered first: ${said}.\n`,
  )
  return EXIT.complete
}

/** A view that a person saved in a review of the case. @throws UsageError where none or several have the name */
function viewCalled(name: string, events: readonly CustodyEvent[]): AssignedView {
  const saved = new SavedViews()
  for (const event of events) saved.take(event)
  const found = saved.all().filter((one) => one.name === name)
  const [view] = found
  if (view === undefined)
    throw new UsageError(
      `No person saved a view ${printText(name)} in a review of the case: ${[...new Set(saved.all().map((one) => printText(one.name)))].join(', ') || 'there is none'}.`,
    )
  if (found.length > 1)
    throw new UsageError(
      `${found.map(({ operator }) => printText(operator)).join(' and ')} saved a view ${printText(name)}: save it under a name of its own.`,
    )
  const { below = null } = JSON.parse(view.view) as { readonly below?: number | null }
  if (below !== null)
    throw new UsageError(
      `The view ${printText(name)} is of one folder, which stands elsewhere after an exhibit was added: save it with a filter path: in place of the folder.`,
    )
  return { name, view: view.view }
}

function logged(
  { root, opening }: OpenedCase,
  event: Parameters<typeof eventBy>[0],
  heads: string | undefined,
): void {
  const [made] = appendToCase(root, [eventBy(event)])
  noteCaseHead(root, opening, made!.head, heads)
}
