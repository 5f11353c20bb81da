import { describe, expect, it } from 'vitest'
import { classifyRows, type RowScore, type RowSignal } from '../../src/classify-text/rows.ts'

interface Answer {
  readonly id: unknown
  readonly error?: string
  readonly scores?: readonly RowScore[]
  readonly signals?: readonly RowSignal[]
}

async function classify(...rows: unknown[]): Promise<Answer[]> {
  const lines = (async function* () {
    for (const row of rows) yield typeof row === 'string' ? row : JSON.stringify(row)
  })()
  const answers: Answer[] = []
  for await (const line of classifyRows(lines)) answers.push(JSON.parse(line))
  return answers
}

describe('classifying rows', () => {
  it('shows every score with its threshold, and the row that follows a broken one', async () => {
    const answers = await classify(
      { id: 1, messages: [{ sender: 'a', text: 'See you at practice' }] },
      '{"id": 2, "text": ',
      { id: 3, text: 'hello' },
      { id: 4, title: 'Nurse', description: 'Night shifts in a clinic.' },
      { id: 5 },
      [],
    )
    expect(answers.map(({ id, error, scores }) => [id, error ?? scores?.map((s) => s.classifier)])).toEqual([
      [1, ['grooming']],
      [null, 'the line is not JSON'],
      [3, ['grooming', 'job-offer']],
      [4, ['job-offer']],
      [5, 'the row has neither text, messages nor job-offer fields'],
      [null, 'the line is not an object'],
    ])
    for (const { scores = [] } of answers)
      for (const { score, threshold, aboveThreshold } of scores) {
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
        expect(aboveThreshold).toBe(score >= threshold)
      }
  })

  it('quotes at most 200 characters, with the message they stand in', async () => {
    const [answer] = await classify({
      id: 'x',
      messages: [
        { sender: 'a', text: 'hi' },
        { sender: 'b', text: `${'so '.repeat(100)}this is our little secret, ok?` },
      ],
    })
    const [signal] = answer!.signals!
    expect(signal).toMatchObject({
      rule: 'en/secrecy-between-us',
      stage: 'secrecy',
      span: 'our little secret',
      messageIndex: 1,
    })
  })
})
