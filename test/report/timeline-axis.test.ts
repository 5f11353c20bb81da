/** The axis of the timeline has the months in which nothing lies. */
import { expect, it } from 'vitest'
import { hoursAxis, monthsAxis } from '../../src/report/timeline/timeline-axis.ts'
import { seized } from '../e2e/seized.ts'
import { sealedWithFindings } from '../findings/ledger-with-findings.ts'
import { message } from '../findings/samples.ts'

const utc = (text: string) =>
  ({ ns: BigInt(Date.parse(text)) * 1_000_000n, source: 'document', resolution: 's', zone: 'utc' }) as const

it('has a row for each empty month, and one for a long stretch of them', () => {
  const counts = new Map([
    ['2024-11', 2],
    ['2025-02', 1],
    ['2001-01', 3],
    ['+010000-01', 1],
  ])
  expect(monthsAxis(counts).map(({ label, count }) => [label, count])).toEqual([
    ['2001-01', 3],
    ['2001-02 – 2024-10', 0],
    ['2024-11', 2],
    ['2024-12', 0],
    ['2025-01', 0],
    ['2025-02', 1],
    ['+010000-01', 1],
  ])
  expect(monthsAxis(new Map())).toEqual([])
  expect(hoursAxis(new Map([['07', 2]])).map(({ count }) => count)).toEqual(
    Array.from({ length: 24 }, (_, hour) => (hour === 7 ? 2 : 0)),
  )
})

it('shows them on the page of seized timeline', () => {
  const signs = ['2025-10-01T08:00:00Z', '2026-01-31T08:00:00Z'].map((at, i) => ({
    ...message(i),
    when: utc(at),
  }))
  const ledger = sealedWithFindings([{ name: Buffer.from('sms.db'), findings: [], signs }])
  const { status, stdout, stderr } = seized(['timeline', ledger, '--format', 'html'])
  expect([status, stderr.replace(/custody head.*\n/, '')]).toEqual([0, ''])
  const months = [...stdout.matchAll(/<th scope="row">(\d{4}-\d{2})<\/th><td class="n">(\d+)</g)]
  expect(months.map(([, month, count]) => [month, count])).toEqual([
    ['2025-10', '1'],
    ['2025-11', '0'],
    ['2025-12', '0'],
    ['2026-01', '1'],
  ])
})
