/** Requests of the page that find contents: a view, folders, common filters, saved views. */
import { type Body, lineIn, nonsense, objectIn, sha256In, wholeIn } from './bodies.ts'
import { facetsOf } from './facets.ts'
import { elsewhereOf } from './graded-elsewhere.ts'
import type { Review, Route } from './route.ts'
import { ORDERS, QUEUES, type ViewAsked, type ViewMade } from './said.ts'
import type { GradedElsewhere } from './said-elsewhere.ts'
import type { SavedView } from './said-facets.ts'
import type { ReviewSession } from './session.ts'

const MOST_NAME = 60
/** Contents in one request: a screen of small tiles has fewer. */
const MOST_ASKED = 400

export const FINDING_ROUTES: readonly Route[] = [
  { path: '/api/view', isActive: true, answer: view },
  // Asked again and again while the rule is asked: no act of the person.
  { path: '/api/rescue-count', isActive: false, answer: ({ session }) => session.rescue.counted() },
  {
    path: '/api/folders',
    isActive: true,
    answer: ({ session }, { node }) => session.folders.below(wholeIn(node)),
  },
  { path: '/api/facets', isActive: true, answer: ({ session }) => facetsOf(session) },
  {
    path: '/api/elsewhere',
    // It comes with what is in sight, not by an act of the person.
    isActive: false,
    answer: ({ session }, { contents }) => {
      if (!Array.isArray(contents) || contents.length > MOST_ASKED) throw nonsense('contents')
      return { of: contents.map((one) => elsewhereOfShown(session, sha256In(one))) }
    },
  },
  { path: '/api/views', isActive: true, answer: ({ session }) => savedViews(session) },
  {
    path: '/api/save-view',
    isActive: true,
    answer: ({ session }, { name, view }) => {
      const { around, ...kept } = viewAsked(objectIn(view, 'view'))
      if (around !== null) throw nonsense('around')
      session.log.log('view-saved', { name: lineIn(name, MOST_NAME), view: JSON.stringify(kept) })
      return savedViews(session)
    },
  },
  {
    path: '/api/remove-view',
    isActive: true,
    answer: ({ session }, { name }) => {
      session.log.log('view-removed', { name: lineIn(name, MOST_NAME) })
      return savedViews(session)
    },
  },
]

/** In a blind pass a view of another person could say what that person decided. */
async function view({ session }: Review, body: Body): Promise<ViewMade> {
  const asked = viewAsked(body)
  if (asked.queue === 'rescue') await session.rescue.ready()
  return session.view(asked)
}

function savedViews(session: ReviewSession): { readonly views: readonly SavedView[] } {
  session.catchUp()
  const { operator: own } = session.asked
  const views = session.savedViews
    .all()
    .filter(({ operator }) => operator === own || !session.isBlind)
    .map(({ operator, name, view }) => ({ operator, name, isMine: operator === own, ...JSON.parse(view) }))
  return { views: views as readonly SavedView[] }
}

function viewAsked({ order, queue, query, stacked, around, below }: Body): ViewAsked {
  const known = { order: ORDERS.find((one) => one === order), queue: QUEUES.find((one) => one === queue) }
  if (!known.order) throw nonsense('order')
  if (!known.queue) throw nonsense('queue')
  if (typeof query !== 'string' || query.length > 2000) throw nonsense('query')
  return {
    order: known.order,
    queue: known.queue,
    query,
    stacked: stacked === true,
    around: aroundIn(around),
    below: below === null || below === undefined ? null : wholeIn(below),
  }
}

function aroundIn(value: unknown): ViewAsked['around'] {
  if (value === null || value === undefined) return null
  const { sha256, by } = objectIn(value, 'around')
  if (by !== 'near' && by !== 'camera' && by !== 'folder') throw nonsense('around')
  return { sha256: sha256In(sha256), by }
}

/** In a served case the work of a person changes while the page still shows the earlier one: of that nothing is said. */
function elsewhereOfShown(session: ReviewSession, sha256: string): readonly GradedElsewhere[] {
  const number = session.catalogue.numberOf(sha256)
  return number === null || !session.isInPass(number) ? [] : elsewhereOf(session, sha256)
}
