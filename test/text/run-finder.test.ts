import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../scripts/train/metrics.ts'
import { runFinder } from '../../src/classify-text/run-finder.ts'

describe('finding many letter runs at once', () => {
  it('finds what looking for each run apart finds, overlapping runs and runs within runs too', () => {
    const random = randomFrom(3)
    const letters = (most: number) =>
      Array.from({ length: 1 + Math.floor(random() * most) }, () => 'abcé'[Math.floor(random() * 4)]).join('')
    for (let round = 0; round < 200; round += 1) {
      const runs = [...new Set(Array.from({ length: 12 }, () => letters(5)))]
      const text = letters(40)
      const found = new Set<string>()
      runFinder(runs).find(text, (run) => found.add(runs[run]!))
      expect([...found].sort()).toEqual(runs.filter((run) => text.includes(run)).sort())
    }
  })

  it('tells whole words from parts of words where a run says so', () => {
    const runs = ['\0me\0', '\0me', 'me\0', 'me', '\0send\0']
    const find = (text: string) => {
      const found = new Set<string>()
      const isBetween = (unit: string) => /[\s,.]/.test(unit)
      runFinder(runs, '\0', isBetween).find(text, (run) => found.add(runs[run]!.replaceAll('\0', '|')))
      return [...found].sort()
    }
    expect(find('me')).toEqual(['me', 'me|', '|me', '|me|'])
    expect(find('homework')).toEqual(['me'])
    expect(find('send, home.')).toEqual(['me', 'me|', '|send|'])
    expect(find('a mere sender')).toEqual(['me', '|me'])
  })

  it('finds nothing where there are no runs', () => {
    runFinder([]).find('some text', () => expect.unreachable())
  })
})
