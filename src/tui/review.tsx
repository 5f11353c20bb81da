/**
 * A review in a terminal, for a machine without a browser: one content at a time, its preview as grey cells, graded by
 * key.
 */
import { Box, render, Text, useApp, useInput } from 'ink'
import { useState } from 'react'
import { printPath, printText } from '../base/evidence-path.ts'
import en from '../report/texts/en.json' with { type: 'json' }
import { formatCount } from '../report/texts/format.ts'
import { ENGLISH } from '../report/texts/index.ts'
import type { Acts } from '../review/acts.ts'
import { detailsOf } from '../review/details.ts'
import { NO_LIMITS } from '../review/level-limits.ts'
import { type Act, DEFAULT_KEYMAP, type Keymap } from '../review/said-keys.ts'
import { Screens } from '../review/screens.ts'
import type { ReviewSession } from '../review/session.ts'
import { DEFAULT_RULES } from '../review/sight-rules.ts'
import type { PreviewCells } from '../review/tiles.ts'
import { ReviewDesk, said } from './review-desk.ts'

/** Returns when the person ends the review, or when it cannot continue. @returns a sentence with the error, or null */
export async function reviewInTerminal(
  session: ReviewSession,
  acts: Acts,
  stdout: NodeJS.WriteStream,
): Promise<string | null> {
  const desk = new ReviewDesk(session, acts)
  const screens = new Screens(session, { pixels: null, rules: DEFAULT_RULES, day: NO_LIMITS })
  const ink = render(<ReviewInTerminal desk={desk} screens={screens} />, {
    stdout,
    exitOnCtrlC: true,
    patchConsole: false,
  })
  await ink.waitUntilExit()
  if (desk.problem === null) screens.hide('ended')
  return desk.problem
}

function keyed(keymap: Keymap, act: Act, what: string): string {
  return `${keymap[act]} ${what}`
}

interface Props {
  readonly desk: ReviewDesk
  readonly screens: Screens
}

function ReviewInTerminal({ desk, screens }: Props) {
  const { exit } = useApp()
  const [, redraw] = useState(0)
  useInput((input, key) => {
    desk.press({ ...key, input })
    if (desk.isOver) exit()
    else redraw((count) => count + 1)
  })
  const { session, number, view, prompt } = desk
  // What was shown before has gone.
  if (number === undefined) screens.hide('page')
  const { left, total } = session.progress()
  const { operator, pass, scale, keymap = DEFAULT_KEYMAP } = session.asked
  return (
    <Box flexDirection="column" paddingX={1}>
      <Text bold>
        {printText(
          `${session.ledger.case.caseId} · ${session.ledger.case.exhibitId} · ${operator} · ${pass} · ${scale.id}`,
        )}
      </Text>
      <Text dimColor>
        {formatCount(left)} of {formatCount(total)} left
        {desk.query === '' ? '' : ` · filter ${printText(desk.query)}`}
      </Text>
      {number === undefined ? (
        <Text>Nothing is left to decide.</Text>
      ) : (
        <One
          desk={desk}
          screens={screens}
          number={number}
          place={`${formatCount(desk.at + 1)} of ${formatCount(view.tiles.length)}`}
        />
      )}
      <Text> </Text>
      {Object.entries(scale.categories).map(([id, { label }]) => (
        <Text key={id}>
          {(scale.keys?.[id] ?? ' ').padEnd(2)} {scale.keys?.[id] === id ? '' : `${id} `}
          {label}
        </Text>
      ))}
      <Text dimColor>
        arrows move · Alt + key whole stack · Backspace withdraw · {keyed(keymap, 'undo', 'undo')} ·{' '}
        {keyed(keymap, 'eyes', 'second look')} · {keyed(keymap, 'details', 'details')} ·{' '}
        {keyed(keymap, 'tag', 'tag')} · {keyed(keymap, 'note', 'note')}
      </Text>
      <Text dimColor>
        {keyed(keymap, 'filter', 'filter')} · {keyed(keymap, 'stacks', 'stacks')} ·{' '}
        {keyed(keymap, 'near', 'near copies')} · {keyed(keymap, 'camera', 'same camera')} ·{' '}
        {keyed(keymap, 'folder', 'same folder')} · Esc back · q end
      </Text>
      <Text>
        {prompt ? `${prompt.label}${prompt.text ?? ''}${prompt.text === null ? '' : '▏'}` : desk.said}
      </Text>
    </Box>
  )
}

function One({ desk, screens, number, place }: Props & { readonly number: number; readonly place: string }) {
  const { session, stack } = desk
  const places = session.lookup.placesOf(session.catalogue.ids[number]!)
  const view = session.facts.view(places[0]!)
  const preview = screens.showCells(number)
  const mine = session.decided.mine(number)
  return (
    <Box>
      <Cells preview={preview} />
      <Box flexDirection="column" marginLeft={2}>
        <Text>
          {place}
          {stack > 1 ? ` · ${formatCount(stack - 1)} near ${stack === 2 ? 'copy' : 'copies'}` : ''}
        </Text>
        <Text>{printPath(view.entry.path)}</Text>
        {places.length > 1 && <Text dimColor>and at {formatCount(places.length - 1)} more places</Text>}
        <Text dimColor>{view.content?.mediaType}</Text>
        {view.ranked.reasons.map((reason) => (
          <Text key={reason.code}>{ENGLISH.review(reason)}</Text>
        ))}
        <Text>
          {mine
            ? `${mine.category} ${session.asked.scale.categories[mine.category ?? '']?.label ?? ''}`
            : 'not decided'}
        </Text>
        {(desk.showsDetails || session.asked.pass === 'adjudicate') && (
          <Details session={session} number={number} />
        )}
      </Box>
    </Box>
  )
}

/** Most lines of a screen for places. */
const MOST_PLACES = 8

/** As on the page: paths, times, device, findings, decisions, metadata; digests come last. */
function Details({ session, number }: { readonly session: ReviewSession; readonly number: number }) {
  const found = detailsOf(session, session.catalogue.sha256(number))
  const lines = [
    ...found.places.slice(1, MOST_PLACES),
    ...found.times.map(({ clock, time }) => said(`time-${clock}`, { time })),
    ...(found.camera === null ? [] : [said('camera', { camera: printText(found.camera) })]),
    ...found.records,
    ...(found.priority === null ? [en.page['no-reason']] : [said('priority-of', { n: found.priority })]),
    ...found.findings,
    ...found.decisions.map(
      ({ who, when, what, note, sight, seenMs }) =>
        `${what} (${en.page[`sight-${sight}`]}${seenMs === null ? '' : `, ${Math.ceil(seenMs / 1000)} s`}) – ${printText(who)}, ${when}${note === '' ? '' : `: ${printText(note)}`}`,
    ),
    ...found.elsewhere.map(({ how, category, operator, exhibit }) =>
      said(`elsewhere-${how}`, { category, operator: printText(operator), exhibit: printText(exhibit) }),
    ),
    ...(found.blind ? [en.page.blind] : []),
    ...found.tags.map((tag) => `# ${printText(tag)}`),
    ...found.notes.map(({ operator, text }) => `${printText(text)} – ${printText(operator)}`),
    ...found.attributes,
    `SHA-256 ${found.sha256}`,
  ]
  return (
    <Box flexDirection="column">
      {lines.map((line) => (
        <Text key={line}>{line}</Text>
      ))}
    </Box>
  )
}

/** Two rows of cells per line: the upper half of a character has one grey, its background the other. */
function Cells({ preview }: { readonly preview: PreviewCells | null }) {
  if (!preview) return <Text dimColor>{en.page['no-preview']} </Text>
  const { width, height, cells } = preview
  const grey = (x: number, y: number) => {
    const level = (y < height ? cells[y * width + x] : 0)!.toString(16).padStart(2, '0')
    return `#${level}${level}${level}`
  }
  return (
    <Box flexDirection="column">
      {Array.from({ length: Math.ceil(height / 2) }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the picture
        <Box key={row}>
          {Array.from({ length: width }, (_, x) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: and so is a cell
            <Text key={x} color={grey(x, row * 2)} backgroundColor={grey(x, row * 2 + 1)}>
              ▀
            </Text>
          ))}
        </Box>
      ))}
    </Box>
  )
}
