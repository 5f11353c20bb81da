/** A review in a terminal, for a machine without a browser: one content at a time, its preview as grey cells, decided by key. */
import { Box, render, Text, useApp, useInput } from 'ink'
import { useState } from 'react'
import { SeizedError } from '../base/errors.ts'
import { printPath } from '../base/evidence-path.ts'
import { formatCount } from '../report/format.ts'
import { ENGLISH } from '../report/texts/index.ts'
import type { Acts } from '../review/acts.ts'
import type { Decided, ViewAsked } from '../review/said.ts'
import type { ReviewSession } from '../review/session.ts'
import { type PreviewCells, previewOf } from '../review/tiles.ts'

const LEFT: ViewAsked = { order: 'priority', queue: 'left', query: '', stacked: false, around: null }

/** Returns when the person ends it, or it cannot go on. @returns a sentence where something was wrong */
export async function reviewInTerminal(
  session: ReviewSession,
  acts: Acts,
  stdout: NodeJS.WriteStream,
): Promise<string | null> {
  let problem: string | null = null
  const { view } = session.view(LEFT)
  const ended = (sentence: string) => {
    problem = sentence
  }
  const ink = render(
    <ReviewInTerminal
      session={session}
      acts={acts}
      contents={session.viewCalled(view).tiles}
      ended={ended}
    />,
    { stdout, exitOnCtrlC: true, patchConsole: false },
  )
  await ink.waitUntilExit()
  return problem
}

interface Props {
  readonly session: ReviewSession
  readonly acts: Acts
  /** Numbers of the catalogue. */
  readonly contents: Int32Array
  readonly ended: (sentence: string) => void
}

function ReviewInTerminal({ session, acts, contents, ended }: Props) {
  const { exit } = useApp()
  const [at, setAt] = useState(0)
  const [said, setSaid] = useState('')
  const { scale } = session.asked
  const number = contents[at]
  const step = (by: number) => setAt((now) => Math.max(0, Math.min(contents.length - 1, now + by)))
  const attempt = (work: () => Decided, what: string, goesOn: boolean) => {
    try {
      const { decided } = work()
      setSaid(`${formatCount(decided)} decided: ${what}`)
      if (goesOn) step(1)
    } catch (error) {
      if (!(error instanceof SeizedError)) throw error
      setSaid(error.message)
      if (error.name === 'SessionOver') {
        ended(error.message)
        exit()
      }
    }
  }
  useInput((input, key) => {
    const one = number === undefined ? null : { contents: [session.catalogue.sha256(number)], count: 1 }
    const category = Object.entries(scale.keys ?? {}).find(([, of]) => of === input)?.[0]
    if (input === 'q') exit()
    else if (key.rightArrow || key.downArrow) step(1)
    else if (key.leftArrow || key.upArrow) step(-1)
    else if (input === 'u') attempt(() => acts.undo(), 'undone', false)
    else if (one === null) return
    else if (key.backspace || key.delete)
      attempt(() => acts.decide({ act: 'withdrawn', category: null, note: '', of: one }), 'withdrawn', false)
    else if (input === 'e') attempt(() => acts.needsEyes(one), 'needs eyes', true)
    else if (category !== undefined)
      attempt(() => acts.decide({ act: 'decided', category, note: '', of: one }), category, true)
  })
  const { left, total } = session.progress()
  const { operator, pass } = session.asked
  return (
    <Box flexDirection="column" paddingX={1}>
      <Text bold>
        {session.ledger.case.caseId} · {session.ledger.case.exhibitId} · {operator} · {pass} · {scale.id}
      </Text>
      <Text dimColor>
        {formatCount(left)} of {formatCount(total)} left
      </Text>
      {number === undefined ? (
        <Text>Nothing is left to decide.</Text>
      ) : (
        <One
          session={session}
          acts={acts}
          number={number}
          place={`${formatCount(at + 1)} of ${formatCount(contents.length)}`}
        />
      )}
      <Text> </Text>
      {Object.entries(scale.categories).map(([id, { label }]) => (
        <Text key={id}>
          {(scale.keys?.[id] ?? ' ').padEnd(2)} {scale.keys?.[id] === id ? '' : `${id} `}
          {label}
        </Text>
      ))}
      <Text dimColor>arrows move · Backspace withdraw · u undo · e needs eyes · q end</Text>
      <Text>{said}</Text>
    </Box>
  )
}

function One({
  session,
  acts,
  number,
  place,
}: Omit<Props, 'contents' | 'ended'> & { readonly number: number; readonly place: string }) {
  const places = session.lookup.placesOf(session.catalogue.ids[number]!)
  const view = session.facts.view(places[0]!)
  const preview = previewOf(session, number)
  if (preview) acts.noteSeen(number, 'preview')
  const mine = session.decided.mine(number)
  return (
    <Box>
      <Cells preview={preview} />
      <Box flexDirection="column" marginLeft={2}>
        <Text>{place}</Text>
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
      </Box>
    </Box>
  )
}

/** Two rows of cells a line: the upper half of a character in one grey, what is behind it in another. */
function Cells({ preview }: { readonly preview: PreviewCells | null }) {
  if (!preview) return <Text dimColor>no preview </Text>
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
