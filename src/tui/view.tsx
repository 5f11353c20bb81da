/** The live view of a run: numbers and names, never a picture. It shows a RunState and changes no state. */
import { Box, Text } from 'ink'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  insideText,
  listingText,
  plural,
  readingText,
  workingText,
} from '../report/texts/format.ts'
import { fractionDone, type PhaseState, type RunState } from './state.ts'

export interface RunViewProps {
  readonly state: RunState
  readonly elapsedSeconds: number
  readonly columns: number
  readonly rows: number
}

const LABEL_WIDTH = 11

export function RunView({ state, elapsedSeconds, columns, rows }: RunViewProps) {
  const { latestHits: hits, warnings } = fitting(state, rows, columns - 2)
  return (
    <Box flexDirection="column" width={columns} paddingX={1}>
      <Line>
        <Text bold>seized </Text>
        {state.heading}
      </Line>
      <Line dim>
        ledger {state.ledger} · {formatDuration(elapsedSeconds)}
      </Line>
      <Text> </Text>
      {state.phases.map((phase) => (
        <PhaseView key={phase.phase} phase={phase} columns={columns - 2} />
      ))}
      <Text> </Text>
      <Counts state={state} />
      {hits.length > 0 && <Text> </Text>}
      {hits.map((hit, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the list, two hits can look the same
        <Line key={i} middle>
          {hit.list}: {hit.path}
        </Line>
      ))}
      {warnings.length > 0 && <Text> </Text>}
      {warnings.map((warning, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <Line key={i}>{warning}</Line>
      ))}
      <Text> </Text>
      <Line dim>{lastLine(state)}</Line>
    </Box>
  )
}

/**
 * The newest hits, then lines of warnings, so that one line of the terminal stays free: a taller frame would scroll.
 * Warnings are shown whole where there is room for all of them, and are printed again at the end.
 */
function fitting(
  state: RunState,
  rows: number,
  width: number,
): Pick<RunState, 'latestHits'> & { readonly warnings: readonly string[] } {
  const phaseLines = state.phases.reduce((lines, phase) => lines + (phase.state === 'done' ? 1 : 3), 0)
  const others = 8 // heading 2, counts 1, last line 1, blank lines 3, and the free one
  let room = rows - others - phaseLines
  const newest = <T,>(items: readonly T[], most: number): readonly T[] => {
    const count = Math.min(items.length, most, room - 1) // a blank line stands above them
    if (count <= 0) return []
    room -= count + 1
    return items.slice(-count)
  }
  const latestHits = newest(state.latestHits, 5)
  const texts = state.latestWarnings.map((warning) => `warning: ${warning}`)
  const whole = texts.flatMap((text) => wrapped(text, width))
  return { latestHits, warnings: whole.length < room ? newest(whole, whole.length) : newest(texts, 3) }
}

/** Lines of at most `width` characters, broken between words where possible. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let rest = text
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width)
    const end = space > 0 ? space : Math.max(1, width)
    lines.push(rest.slice(0, end))
    rest = rest.slice(end).trimStart()
  }
  return [...lines, rest]
}

function Line({
  children,
  dim = false,
  middle = false,
}: {
  children: React.ReactNode
  dim?: boolean
  middle?: boolean
}) {
  return (
    <Text dimColor={dim} wrap={middle ? 'truncate-middle' : 'truncate-end'}>
      {children}
    </Text>
  )
}

function PhaseView({ phase, columns }: { phase: PhaseState; columns: number }) {
  const label = `${phase.state === 'done' ? '✓' : '›'} ${phase.phase}`.padEnd(LABEL_WIDTH)
  if (phase.state === 'done')
    return (
      <Line>
        {label} {plural(phase.entriesDone, 'entry', 'entries')}, {formatBytes(phase.bytesDone)}
      </Line>
    )
  return (
    <Box flexDirection="column">
      <Line>
        <Text bold>{label}</Text> {bar(phase, columns - LABEL_WIDTH - 6)}
      </Line>
      <Line>
        {' '.repeat(LABEL_WIDTH)} {amounts(phase)}
      </Line>
      <Line middle>
        {' '.repeat(LABEL_WIDTH)} {pace(phase)}
      </Line>
    </Box>
  )
}

function lastLine({ sealed, paused }: RunState): string {
  if (sealed) return 'Sealed: nothing can be added. What it found, and what to do next, stands below.'
  return paused ? 'Paused. Nothing is lost.' : 'Ctrl-C pauses after the current batch; nothing is lost.'
}

/** Without a known total, no remaining time is shown. */
function pace({
  entriesTotal,
  bytesTotal,
  bytesPerSecond,
  etaSeconds,
  inside,
  reading,
  working,
  listing,
}: PhaseState): string {
  if (inside) return insideText(inside)
  if (reading) return readingText(reading)
  if (working) return workingText(working)
  if (listing) return listingText(listing)
  if (entriesTotal === null) return 'total not known'
  return [
    ...(bytesTotal === null ? [] : [formatRate(bytesPerSecond)]),
    // Less than half a second is no estimate: it would stand as "about 0 s left".
    ...(etaSeconds === null || etaSeconds < 0.5 ? [] : [`about ${formatDuration(etaSeconds)} left`]),
  ].join(', ')
}

function bar(phase: PhaseState, width: number): string {
  const fraction = fractionDone(phase)
  if (fraction === null) return '░'.repeat(Math.max(0, width))
  const full = Math.floor(fraction * Math.max(0, width))
  const percent = `${Math.floor(fraction * 100)} %`.padStart(5)
  return `${'█'.repeat(full)}${'░'.repeat(Math.max(0, width - full))}${percent}`
}

function amounts(phase: PhaseState): string {
  const entries = (count: number) => plural(count, 'entry', 'entries')
  const { entriesDone, entriesTotal, bytesDone, bytesTotal } = phase
  return [
    entriesTotal === null ? entries(entriesDone) : `${formatCount(entriesDone)} of ${entries(entriesTotal)}`,
    ...(bytesTotal === null
      ? bytesDone === 0n
        ? []
        : [formatBytes(bytesDone)]
      : [`${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`]),
  ].join(', ')
}

function Counts({ state }: { state: RunState }) {
  return (
    <Text>
      <Text bold={state.hits > 0}>{plural(state.hits, 'hit')}</Text>
      {'    '}
      <Text bold={state.leads > 0}>{plural(state.leads, 'lead')}</Text>
      {'    '}
      <Text bold={state.notDone > 0}>{formatCount(state.notDone)} not done</Text>
    </Text>
  )
}
