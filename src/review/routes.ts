/**
 * The requests of the page, one line for each route, after the guard accepted them. Every body is checked here,
 * because the sender may be another program.
 */
import { UsageError } from '../base/errors.ts'
import { REVEAL_REASONS } from '../contracts/custody.ts'
import { SCREEN_LEVELS } from '../contracts/sight.ts'
import en from '../report/texts/en.json' with { type: 'json' }
import { pageWords } from '../report/texts/page-words.ts'
import { type Body, lineIn, nonsense, objectIn, sha256In, wholeIn } from './bodies.ts'
import { detailsOf } from './details.ts'
import { FINDING_ROUTES } from './finding-routes.ts'
import { pictureWordsOf } from './picture-words.ts'
import type { Review, Route, RouteAnswer } from './route.ts'
import type { Decided, Greeting, Target } from './said.ts'
import { DEFAULT_KEYMAP } from './said-keys.ts'
import type { RevealAsked } from './said-reveal.ts'
import { SIGHT_ROUTES } from './sight-routes.ts'
import { tilesOf } from './tiles.ts'

export const ROUTES: readonly Route[] = [
  { path: '/api/beat', isActive: false, answer: beat },
  { path: '/api/tiles', isActive: true, answer: tiles },
  {
    path: '/api/details',
    isActive: true,
    answer: async ({ session }, body) => {
      const sha256 = sha256In(body.sha256)
      await session.reviewed.rescue.grouped()
      return detailsOf(session, sha256)
    },
  },
  {
    path: '/api/words',
    isActive: true,
    answer: ({ session }, body) => pictureWordsOf(session, sha256In(body.sha256)),
  },
  { path: '/api/stack', isActive: true, answer: stack },
  {
    path: '/api/count',
    isActive: true,
    answer: ({ session }, { view }) => ({ count: session.countOf(wholeIn(view)) }),
  },
  { path: '/api/decide', isActive: true, answer: decide },
  { path: '/api/eyes', isActive: true, answer: ({ acts }, body) => acts.needsEyes(targetIn(body.of)) },
  { path: '/api/undo', isActive: true, answer: ({ acts }) => acts.undo() },
  { path: '/api/reveal', isActive: true, answer: reveal },
  { path: '/api/hidden', isActive: true, answer: hidden },
  ...SIGHT_ROUTES,
  ...FINDING_ROUTES,
  {
    path: '/api/tag',
    isActive: true,
    answer: ({ acts }, { of, tag }) => acts.tag(targetIn(of), lineIn(tag, MOST_TAG)),
  },
  {
    path: '/api/note',
    isActive: true,
    answer: ({ acts }, { of, text }) => acts.note(targetIn(of), lineIn(text, MOST_NOTE)),
  },
  {
    path: '/api/rescue',
    isActive: true,
    answer: ({ acts }, { of, isIn, why }) => {
      if (typeof isIn !== 'boolean') throw nonsense('isIn')
      return acts.rescue(targetIn(of), isIn, lineIn(why, MOST_NOTE))
    },
  },
  { path: '/api/end', isActive: true, answer: ended },
]

export function greeting(
  { session, reveals, screens }: Review,
  key: string,
  { pauseMs, language = 'en' }: { readonly pauseMs: number; readonly language?: string },
): Greeting {
  const { operator, pass, scale, keymap = DEFAULT_KEYMAP } = session.asked
  const { caseId, exhibitId } = session.ledger.case
  const said = pageWords(language)
  return {
    key,
    caseId,
    exhibitId,
    operator,
    pass,
    scale: {
      id: scale.id,
      title: scale.title,
      categories: Object.entries(scale.categories).map(([id, { label }]) => ({
        id,
        label,
        key: scale.keys?.[id] ?? null,
      })),
    },
    keymap,
    ...said,
    progress: session.progress(),
    reveal: reveals
      ? { mostMs: reveals.mostMs, reasons: REVEAL_REASONS }
      : { without: said.words['no-exhibit']! },
    sight: {
      hasExhibit: screens.hasPixels,
      treatments: screens.rules.treatments,
      start: screens.rules.of[pass].other.start,
      levels: SCREEN_LEVELS.slice(0, SCREEN_LEVELS.indexOf(screens.rules.of[pass].other.screen) + 1),
    },
    pauseMs,
    partial: session.ledger.seal === null,
    closed: session.reviewed.closed,
  }
}

/** A page that was left cannot be restored: its key was in a variable. */
function ended(_: Review, { by }: Body): RouteAnswer {
  return { ended: by === 'left' ? 'left' : 'ended' }
}

function beat({ session }: Review): RouteAnswer {
  session.catchUp()
  return session.progress()
}

async function reveal({ reveals }: Review, body: Body): Promise<Buffer> {
  const { colour, blur } = body
  if (reveals === null) throw new UsageError(`Nothing can be revealed: ${en.page['no-exhibit']}.`)
  const why = reasonIn(body)
  const sha256 = sha256In(body.sha256)
  return reveals.ask({
    sha256,
    ...why,
    colour: colour === true,
    blur: wholeIn(blur),
  })
}

/** Limit of a reason that a person types. */
const MOST_WORDS = 500

function reasonIn({ reason, words }: Body): Pick<RevealAsked, 'reason' | 'words'> {
  const code = REVEAL_REASONS.find((one) => one === reason)
  if (!code) throw nonsense('reason')
  const typed = typeof words === 'string' ? words.trim() : ''
  if ((code === 'other') !== (typed !== '') || typed.length > MOST_WORDS) throw nonsense('reason')
  return { reason: code, words: typed }
}

const HIDDEN_BY = ['key', 'timer', 'blur', 'escape'] as const

function hidden({ reveals, session }: Review, { by, number }: Body): RouteAnswer {
  reveals?.hide(HIDDEN_BY.find((one) => one === by) ?? 'key', number === undefined ? null : wholeIn(number))
  return session.progress()
}

/** Limits of what a person types. */
const MOST_TAG = 60
const MOST_NOTE = 2000

/** Limit of one answer. */
const MOST_TILES = 200

function tiles({ session }: Review, { view, from, count }: Body): RouteAnswer {
  return tilesOf(session, session.viewCalled(wholeIn(view)), {
    from: wholeIn(from),
    count: Math.min(MOST_TILES, wholeIn(count)),
  })
}

function stack({ session }: Review, { sha256 }: Body): RouteAnswer {
  const members = session.stackOf(session.numberOf(sha256In(sha256)))
  return { count: members.length }
}

function decide({ acts }: Review, { act, category, note, of }: Body): Decided {
  if (act !== 'decided' && act !== 'withdrawn' && act !== 'adjudicated') throw nonsense('act')
  if (category !== null && typeof category !== 'string') throw nonsense('category')
  if (typeof note !== 'string' || note.length > 2000) throw nonsense('note')
  return acts.decide({ act, category, note, of: targetIn(of) })
}

function targetIn(value: unknown): Target {
  const { contents, stackOf, view, count } = objectIn(value, 'of')
  const told = wholeIn(count)
  if (Array.isArray(contents)) return { contents: contents.map(sha256In), count: told }
  if (stackOf !== undefined) return { stackOf: sha256In(stackOf), count: told }
  return { view: wholeIn(view), count: told }
}
