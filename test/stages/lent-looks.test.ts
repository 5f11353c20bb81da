import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { attribute } from '../../src/contracts/attribute.ts'
import type { Finding } from '../../src/contracts/finding.ts'
import { type Lender, LentLooks } from '../../src/pipeline/lent-looks.ts'
import type { LookQuestion } from '../../src/wire/look-reply.ts'

interface Picture {
  readonly sha256: string
  readonly question: LookQuestion | null
  readonly explicitPer10k: number
}

const PHOTOGRAPH = attribute('picture-kind', { kind: 'photograph' })

function foundIn({ explicitPer10k }: Picture): Finding[] {
  const score = { kind: 'score', classifier: 'explicitness', modelSha256: '', label: 'explicit' } as const
  return [PHOTOGRAPH, { ...score, scorePer10k: explicitPer10k, thresholdPer10k: 2500 }]
}

/** Numbers below `below`, the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let at = 0
  return (below) => createHash('sha256').update(`${seed} ${at++}`).digest().readUInt32LE() % below
}

/** A few bases, each with copies of 0 to 8 bits' distance; some take no part, some are near a threshold. */
function drawn(seed: number, count: number): Picture[] {
  const next = numbers(seed)
  return Array.from({ length: count }, (_, i) => {
    const hash = createHash('sha256')
      .update(`base ${next(4)}`)
      .digest()
    for (let flips = next(9); flips > 0; flips--) hash[next(32)]! ^= 1 << next(8)
    const question = {
      hex: hash.toString('hex'),
      quality: next(10) === 0 ? 79 : 100,
      width: 400,
      height: 300,
      orientation: 1,
    }
    return {
      sha256: createHash('sha256').update(`picture ${seed} ${i}`).digest('hex'),
      question: next(8) === 0 ? null : question,
      explicitPer10k: next(4) === 0 ? 1000 : 100,
    }
  })
}

interface Ran {
  /** By picture, whose look it shares. */
  readonly shared: (string | null)[]
  readonly recorded: Lender[]
}

/** As a run does it: in order, `workers` children, each step after a while that the schedule decides. */
async function run(
  all: readonly Picture[],
  workers: number,
  schedule: number,
  before: Lender[] = [],
): Promise<Ran> {
  const looks = new LentLooks(before)
  const next = numbers(schedule)
  const pause = async () => {
    for (let turns = next(12); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
  }
  const shared: (string | null)[] = all.map(() => null)
  const recorded = [...before]
  const running = new Set<Promise<void>>()
  let busy = 0
  const queue: (() => void)[] = []
  const acquire = async () => {
    if (busy === workers) await new Promise<void>((resolve) => queue.push(resolve))
    else busy++
  }
  const release = () => {
    const waiting = queue.shift()
    if (waiting) waiting()
    else busy--
  }
  const one = async (i: number) => {
    const picture = all[i]!
    const turn = looks.begin(picture.sha256)
    await pause()
    await turn.mayBeHanded()
    const acquired = acquire()
    turn.handed()
    await acquired
    await pause()
    const lent = picture.question === null ? null : await turn.lentTo(picture.question)
    if (lent === null) await pause()
    release()
    const findings = lent === null ? foundIn(picture) : []
    await turn.ended(findings)
    shared[i] = lent?.sha256 ?? null
    const { sha256, question, explicitPer10k } = picture
    if (question && question.quality >= 80 && lent === null && explicitPer10k < 500)
      recorded.push({ sha256, question })
    turn.over()
  }
  for (const i of all.keys()) {
    while (running.size > workers) await Promise.race(running)
    const job: Promise<void> = one(i).finally(() => running.delete(job))
    running.add(job)
  }
  await Promise.all(running)
  return { shared, recorded }
}

describe('looks that are lent', () => {
  it('are the same ones whoever is done first, with one child and with several', async () => {
    for (const seed of [1, 2, 3]) {
      const all = drawn(seed, 40)
      const plain = await run(all, 1, 0)
      expect(plain.shared.filter((one) => one !== null).length).toBeGreaterThan(5)
      for (const [workers, schedule] of [
        [1, 1],
        [2, 2],
        [2, 3],
        [3, 4],
        [8, 5],
      ] as const)
        expect(await run(all, workers, schedule)).toEqual(plain)
    }
  })

  it('are the same ones when a run goes on after any of its pictures', async () => {
    const all = drawn(7, 30)
    const whole = await run(all, 2, 0)
    for (const at of [1, 5, 12, 29]) {
      const first = await run(all.slice(0, at), 2, at)
      const rest = await run(all.slice(at), 3, at + 100, first.recorded)
      expect([...first.shared, ...rest.shared]).toEqual(whole.shared)
    }
  })

  it('are of the first that is a near-exact copy and of which nothing comes near a threshold', async () => {
    const at = (bits: number): LookQuestion => {
      const hash = Buffer.alloc(32, 0x5a)
      for (let bit = 0; bit < bits; bit++) hash[bit]! ^= 1
      return { hex: hash.toString('hex'), quality: 90, width: 400, height: 300, orientation: 1 }
    }
    const near = { sha256: '11'.repeat(32), question: at(0), explicitPer10k: 500 }
    const lender = { sha256: '22'.repeat(32), question: at(1), explicitPer10k: 499 }
    const copy = { sha256: '33'.repeat(32), question: at(7), explicitPer10k: 100 }
    const other = { sha256: '44'.repeat(32), question: at(8), explicitPer10k: 100 }
    const turned = { sha256: '55'.repeat(32), question: { ...at(7), orientation: 6 }, explicitPer10k: 100 }
    const { shared } = await run([near, lender, copy, other, turned], 2, 1)
    expect(shared).toEqual([null, null, lender.sha256, null, null])
  })
})
