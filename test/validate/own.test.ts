/** `seized validate own`: sums and intervals of a laboratory's sample, held to what `seized classify` says of each item. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import type { Score } from '../../src/contracts/finding.ts'
import { type Answered, type OwnSample, ownScores } from '../../src/validate/own/own.ts'
import { difference, share } from '../../src/validate/own/shares.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'

describe('seized validate own', () => {
  it('counts pictures as classify marks them, by group, and lets no path and no score out', async () => {
    const folder = temporaryFolder()
    const sample = join(folder, 'sample')
    mkdirSync(sample)
    const names = Array.from({ length: 24 }, (_, i) => `secret-name-${i}.jpg`)
    for (const [i, name] of names.entries())
      writeFileSync(join(sample, name), await jpeg({ seed: 70 + i, width: 240, height: 180 }))
    const truth = (i: number) => i % 2 === 0
    writeFileSync(
      join(folder, 'labels.csv'),
      `path,neutral,explicit,group:camera\n${names
        .map((name, i) => `${name},${truth(i) ? 1 : 0},0,${i < 22 ? 'A' : 'B'}\n`)
        .join('')}not-there.jpg,1,0,A\n`,
    )
    const classified = seized(['classify', ...names.map((name) => join(sample, name)), '--json'])
    const strengths = classified.stdout
      .trim()
      .split('\n')
      .map((line) => {
        const { scores } = JSON.parse(line) as {
          scores: { classifier: string; label: string; score: number }[]
        }
        return new Map(
          scores.map(({ classifier, label, score }) => [
            `${classifier} ${label}`,
            Math.round(score * 10_000),
          ]),
        )
      })

    const out = join(folder, 'own.json')
    const ran = seized([
      ...['validate', 'own', '--labels', join(folder, 'labels.csv')],
      ...['--exhibit', sample, '--out', out],
    ])
    expect([ran.status, ran.stderr]).toEqual([0, ''])
    const text = readFileSync(out, 'utf8')
    expect(text + ran.stdout).not.toMatch(/secret-name|not-there/)
    const own = JSON.parse(text) as OwnSample
    expect(own).toMatchObject({ kind: 'pictures', items: 25, unread: 1 })
    let compared = 0
    for (const { classifier, label, thresholds, positives, negatives } of own.scores) {
      const of = (i: number) => strengths[i]!.get(`${classifier} ${label}`) ?? -1
      const isPositive = (i: number) => label === 'neutral' && truth(i)
      expect([positives, negatives]).toEqual(label === 'neutral' ? [13, 12] : [0, 25])
      for (const { thresholdPer10k, found, falsely } of thresholds) {
        const marked = (positive: boolean) =>
          names.filter((_, i) => isPositive(i) === positive && of(i) >= thresholdPer10k).length
        expect(found?.count ?? 0).toBe(marked(true))
        expect(falsely?.count).toBe(marked(false))
        compared++
      }
    }
    expect(compared).toBeGreaterThan(20)
    const camera = own.scores.find(({ groups }) => groups.length > 0)!.groups
    expect(camera.map(({ value, falsely }) => [value, falsely?.of ?? null])).toEqual([
      ['A', 23],
      ['B', null],
    ])
    expect(seized(['validate', 'own', '--labels', 'x', '--exhibit', 'y', '--out', out]).status).toBe(2)
  }, 120_000)

  it('counts texts, and conversations by persons', () => {
    const folder = temporaryFolder()
    writeFileSync(
      join(folder, 'a.txt'),
      'Boil the potatoes for twenty minutes, then mash them with butter.\n',
    )
    writeFileSync(join(folder, 'b.txt'), 'The ferry leaves at nine from the second pier.\n')
    writeFileSync(join(folder, 'labels.csv'), 'path,grooming\na.txt,0\nb.txt,0\nmissing.txt,0\n')
    const texts = seized([
      ...['validate', 'own', '--text', '--labels', join(folder, 'labels.csv')],
      ...['--exhibit', folder],
    ])
    expect(texts.status).toBe(0)
    expect(texts.stdout).toContain('3 texts, 1 of them without an answer')
    expect(texts.stdout).toMatch(/in force +none judged +0 of 3 \(0\.0 % – 70\.8 %\)/)

    const message = (author: string, text: string) =>
      `<message line="1"><author>${author}</author><time>12:00</time><text>${text}</text></message>`
    writeFileSync(
      join(folder, 'chats.xml'),
      `<conversations><conversation id="c">${message('one', 'Is the ferry late?')}${message('two', 'By an hour.')}</conversation></conversations>`,
    )
    writeFileSync(join(folder, 'listed.txt'), 'one\n')
    const chats = seized([
      ...['validate', 'own', '--pan12', join(folder, 'chats.xml')],
      ...['--truth', join(folder, 'listed.txt')],
    ])
    expect(chats.status).toBe(0)
    expect(chats.stdout).toMatch(/in force +0 of 1 \(0\.0 % – 97\.5 %\) +0 of 1/)
  }, 180_000)

  it.each([
    [['--labels', 'x.csv']],
    [['--pan12', 'x.xml']],
    [['--pan12', 'x.xml', '--truth', 't', '--text']],
    [['--labels', 'x.csv', '--exhibit', '.', '--truth', 't']],
  ])('refuses %j', (options) => {
    expect(seized(['validate', 'own', ...options]).status).toBe(2)
  })
})

describe('shares', () => {
  it('differ by the intervals that Newcombe published (56 of 70, 48 of 80)', () => {
    const { value, low, high } = difference(share(56, 70)!, share(48, 80)!)
    expect([value, low, high].map((one) => Number(one.toFixed(4)))).toEqual([0.2, 0.0524, 0.3339])
  })

  it('are none of a group of nine, and name a group that differs', () => {
    const item = (group: string, isMarked: boolean): Answered => ({
      path: 'x',
      truth: new Map([['explicit', true]]),
      groups: new Map([['kind', group]]),
      scores: [{ ...SCORE, scorePer10k: isMarked ? 6000 : 100 }],
    })
    const items = [
      ...Array.from({ length: 40 }, (_, i) => item('many', i < 36)),
      ...Array.from({ length: 40 }, (_, i) => item('other', i < 12)),
      ...Array.from({ length: 9 }, () => item('few', true)),
    ]
    const [score] = ownScores(
      { labels: ['explicit'], groups: ['kind'] },
      items,
      new Map([['m', { likely: 7000 }]]),
    )
    const byValue = new Map(score!.groups.map((one) => [one.value, one]))
    expect(byValue.get('few')).toMatchObject({ positives: 9, found: null, foundDifference: null })
    expect(byValue.get('many')!.found).toMatchObject({ count: 36, of: 40 })
    expect(byValue.get('other')!.foundDifference!.high).toBeLessThan(0)
    expect(score!.thresholds.filter(({ name }) => name !== null).map(({ name }) => name)).toEqual([
      'in force',
      'likely',
    ])
  })
})

const SCORE: Score = {
  kind: 'score',
  classifier: 'm',
  modelSha256: '00',
  label: 'explicit',
  scorePer10k: 0,
  thresholdPer10k: 5500,
}
