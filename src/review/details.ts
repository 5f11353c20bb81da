/** All facts about one content, in words: every place, the reasons for a review, and the decisions of persons. */
import { printPath } from '../base/evidence-path.ts'
import type { Entry, EvidencePath } from '../contracts/entry.ts'
import type { EntryView } from '../contracts/view.ts'
import { FINDINGS, listOf } from '../findings/index.ts'
import { sightOf } from '../ledger/custody/sight.ts'
import { displayFileTime } from '../report/model/display-time.ts'
import { recordText } from '../report/pages/record-text.ts'
import { ENGLISH, isShown } from '../report/texts/index.ts'
import { elsewhereOf } from './graded-elsewhere.ts'
import { wasRead } from './picture-words.ts'
import type { Details } from './said.ts'
import type { ReviewSession } from './session.ts'
import { similarOf } from './similar.ts'

/** Limit of places that are sent; for more places the number left out is given. */
const MOST_PLACES = 500

/**
 * Kinds shown elsewhere: attributes have their own list, scores are in the reasons. A perceptual hash means nothing to
 * a person.
 */
const APART: readonly string[] = ['attribute', 'score', 'perceptual-hash']

export function detailsOf(session: ReviewSession, sha256: string): Details {
  const { decided, isBlind, asked } = session
  session.catchUp()
  const number = session.numberOf(sha256)
  const places = session.lookup.placesOf(session.catalogue.ids[number]!)
  const all = places.slice(0, MOST_PLACES).flatMap((entry) => session.facts.placesOf(entry))
  const views = all.slice(0, MOST_PLACES)
  const leftOut = all.reduce((sum, one) => sum + Number(one.placesLeftOut), 0)
  const view = strongest(views)
  const zone = session.ledger.case.timezone
  const { sha1, md5 } = view.content!.digests
  const made = decided.made(number).filter(({ operator }) => !isBlind || operator === asked.operator)
  const camera = (code: string) => {
    const found = view.attributes.find((one) => one.code === code)
    return found ? String(Object.values(found.params)[0]) : ''
  }
  return {
    sha256,
    digests: [`SHA-1 ${sha1}`, `MD5 ${md5}`],
    mediaType: view.content!.mediaType,
    sizeBytes: Number(view.content!.sizeBytes),
    places: views.map(({ entry }) => isolated(entry.path)),
    more: Math.max(0, places.length - MOST_PLACES) + all.length - views.length + leftOut,
    times: timesOf(views[0]!.entry, zone),
    modified: views.map(({ entry: { times } }) =>
      times.modified ? displayFileTime(times.modified, zone) : '',
    ),
    priority: view.ranked.priority,
    reasons: view.ranked.reasons.map((reason) => ENGLISH.review(reason)),
    findings: FINDINGS.filter(({ kind }) => !APART.includes(kind)).flatMap((kind) =>
      listOf(view, kind).map((finding) => ENGLISH.finding(finding)),
    ),
    attributes: distinct(
      views.flatMap((one) => one.attributes.filter(isShown).map((each) => ENGLISH.attribute(each))),
    ),
    hasWords: wasRead(view),
    records: view.records.map((record) => recordText(record, zone)),
    camera: [camera('camera-make'), camera('camera-model'), camera('camera-serial')].join(' ').trim() || null,
    rescue: session.rescue.of(number),
    stack: session.stackOf(number).length,
    similar: similarOf(session.ledger).get(sha256) ?? null,
    elsewhere: elsewhereOf(session, sha256),
    decisions: made.map((one) => ({
      who: one.operator,
      when: one.utc,
      what: one.act === 'withdrawn' ? one.act : `${one.act} ${one.category}`,
      note: one.note,
      sight: sightOf(one, view.hits),
      seenMs: one.seenMs,
    })),
    tags: session.tags.of(sha256),
    notes: isBlind ? [] : session.tags.notes(sha256),
    blind: isBlind,
  }
}

const CLOCKS = ['born', 'modified', 'accessed', 'changed'] as const

/** Recorded times of an entry, in the case's time zone. */
function timesOf({ times }: Entry, zone: string): Details['times'] {
  return CLOCKS.flatMap((clock) => {
    const time = times[clock]
    return time === null ? [] : [{ clock, time: displayFileTime(time, zone) }]
  })
}

/** The place with the strongest priority; among equal ones, the representative of the content. */
function strongest(views: readonly EntryView[]): EntryView {
  const rankOf = ({ ranked, copyOf }: EntryView) => (ranked.priority ?? 9) * 2 + (copyOf === null ? 0 : 1)
  return views.reduce((best, one) => (rankOf(one) < rankOf(best) ? one : best))
}

/** Lines of several names, each once. */
function distinct(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)]
}

/**
 * A printed path, with each name in a left-to-right isolate, so that a name cannot reorder the text around it (U+2066
 * … U+2069).
 */
function isolated(path: EvidencePath): string {
  return printPath(path)
    .split('/')
    .map((name) => `\u2066${name}\u2069`)
    .join('/')
}
