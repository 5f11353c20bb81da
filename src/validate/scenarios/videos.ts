/** Known videos unchanged, re-encoded, cut, cropped, with a logo, and joined, against lists of every form and rate. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { ALTERATIONS, CLIP, clip, ONE_SCENE } from '../../../fixtures/clips.ts'
import {
  everySecond,
  frameHashes,
  type ListedFrame,
  vpdqSignal,
  vpdqText,
} from '../../../fixtures/vpdq-lists.ts'
import { Checks } from '../model/observation.ts'
import type { Bench, Scenario } from '../model/scenario.ts'

const RATES = ['every frame', 'a second', 'a second, later'] as const
type Rate = (typeof RATES)[number]

/** A list of one frame a second may hold too few of the frames of a cut copy, where a list of every frame holds enough. */
interface Like {
  readonly clip: number
  readonly rates: readonly Rate[]
}

export const videos: Scenario = {
  id: 'videos',
  title: 'known videos as they are and altered, and lists of videos in every form',
  speaksOf: ['videos-found', 'videos-false', 'video-lists', 'near-is-no-hit'],
  weight: { quick: 6, full: 20 },
  async run(bench) {
    const root = bench.at('exhibit')
    mkdirSync(root)
    const clips: (readonly ListedFrame[])[] = []
    /** Of each planted file, its clip and the rates of that clip's lists that comparing each frame with each finds it to be like. */
    const like = new Map<string, Like>()
    for (let i = 0; i < bench.of(2, 5); i++) {
      const seed = bench.seed * 7 + i
      const frames = await frameHashes(await clip(seed))
      clips.push(frames)
      for (const how of ALTERATIONS) {
        const bytes = await clip(seed, how)
        const name = `${i} ${how}.mp4`
        writeFileSync(bench.at('exhibit', name), bytes)
        const ours = await frameHashes(bytes)
        const rates = RATES.filter((rate) => areAlike(ours, atRate(frames, rate)))
        if (rates.length > 0) like.set(name, { clip: i, rates })
      }
      writeFileSync(bench.at('exhibit', `${i} unlike.mp4`), await clip(seed + 90_001))
      const scene = await clip(seed, ONE_SCENE)
      const shared = shareOf(await frameHashes(scene), frames)
      if (shared < 0.1 || shared > 0.5)
        throw new Error(`a film shares ${shared} of its frames, not one scene`)
      writeFileSync(bench.at('exhibit', `${i} unlike but for one scene.mp4`), scene)
    }
    const lists = listsOf(clips)
    const declared = Object.entries(lists).map(([name, text]) => {
      const file = bench.at(name)
      writeFileSync(file, text)
      return `${name.startsWith('vics') ? 'vics-us' : 'illegal'}:${file}`
    })
    const compiled = bench.at('compiled')
    bench.seized('hashset', 'import', declared[0]!, '--out', compiled)
    const [ledger, byIndex] = [bench.at('videos.sqlite'), bench.at('compiled.sqlite')]
    const count = clips.length * ALTERATIONS.length
    const action = `seized scan of ${count} altered copies of ${clips.length} clips and ${clips.length} unlike ones and ${clips.length} that share one scene, with ${declared.length} lists`
    bench.scan(root, ledger, ...declared.flatMap((one) => ['--hashset', one]))
    bench.scan(root, byIndex, '--hashset', `illegal:${compiled}`)
    bench.readsLists(['vpdq', 'signals', 'vics'])
    return observed(bench, [ledger, byIndex], action, like, Object.keys(lists))
  },
}

function observed(
  bench: Bench,
  [ledger, byIndex]: readonly [string, string],
  action: string,
  like: ReadonlyMap<string, Like>,
  lists: readonly string[],
) {
  const found = new Checks(
    'videos-found',
    action,
    'a near match by every list that holds the clip, for each copy that comparing each frame with each of that list finds',
  )
  const falsely = new Checks('videos-false', action, 'none for an unlike clip')
  const forms = new Checks('video-lists', action, 'the clip by its name, in every list that names its videos')
  const nothing = new Checks('near-is-no-hit', action, 'a near match is never a hit')
  const compiled = new Map(bench.entries(byIndex).map(({ path, near }) => [path, near]))
  for (const { path, kind, near, hits } of bench.entries(ledger)) {
    if (kind !== 'file') continue
    nothing.see(hits.length === 0, () => `${path} is a hit`)
    const matches = near as readonly {
      readonly hashSet: string
      readonly video?: { readonly id: string | null }
    }[]
    const which = like.get(path)
    if (path.includes('unlike'))
      falsely.see(matches.length === 0, () => `${path} is like ${matches[0]?.hashSet}`)
    if (which === undefined) continue
    for (const list of lists.filter((name) => isOf(name, which.clip) && which.rates.includes(rateOf(name)))) {
      const match = matches.find(({ hashSet }) => hashSet === list)
      found.see(match !== undefined, () => `${path} is not found by ${list}`)
      if (isOfAll(list))
        forms.see(
          match?.video?.id === idOf(list, which.clip),
          () => `${path} is ${match?.video?.id} by ${list}`,
        )
    }
    if (which.rates.includes('every frame'))
      found.see((compiled.get(path)?.length ?? 0) > 0, () => `${path} is not found by a compiled index`)
  }
  return [found.observation, falsely.observation, forms.observation, nothing.observation]
}

/** Lists of all clips; the names of the others begin with their clip's number. */
const isOfAll = (list: string) => !/^\d/.test(list)
const isOf = (list: string, clip: number) => isOfAll(list) || list.startsWith(`${clip} `)

/** Rate of the frames that a list has of its clips. */
const rateOf = (list: string): Rate =>
  list.endsWith('later.txt') ? 'a second, later' : list.endsWith('a second.txt') ? 'a second' : 'every frame'

/** Name of a clip in a list. */
function idOf(list: string, clip: number): string {
  if (list === 'signals.txt') return `line ${clip + 1}`
  if (list === 'signals.csv') return `line ${clip + 2}`
  return list.startsWith('ids') ? `clip ${clip}` : `${clip + 1}`
}

function listsOf(clips: readonly (readonly ListedFrame[])[]): Readonly<Record<string, string>> {
  const each = clips.flatMap((frames, i) =>
    RATES.map((rate) => [`${i} ${rate}.txt`, vpdqText(atRate(frames, rate))]),
  )
  const value = clips.map((frames, i) => ({
    MediaID: i + 1,
    Category: 1,
    MD5: `${i}`.padStart(32, '0'),
    AlternativeHashes: [{ HashName: 'VPDQ', HashValue: vpdqSignal(frames) }],
  }))
  const marker = 'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media'
  return {
    'ids.txt': clips.map((frames, i) => vpdqText(frames, `clip ${i}`)).join(''),
    'signals.txt': clips.map((frames) => `vpdq ${vpdqSignal(frames)}\n`).join(''),
    'signals.csv': `signal_type,signal_str,collab,category,tags\n${clips
      .map((frames) => `vpdq,"${vpdqSignal(frames).replaceAll('"', '""')}",made,POSITIVE_CLASS,\n`)
      .join('')}`,
    'signals.json': JSON.stringify({
      data: clips.map((frames, i) => ({
        id: `${i + 1}`,
        type: 'HASH_VIDEO_VPDQ',
        indicator: vpdqSignal(frames),
      })),
    }),
    'vics.json': JSON.stringify({ '@odata.context': marker, value }),
    ...Object.fromEntries(each),
  }
}

/** The frames of a clip that a list of this rate has. */
function atRate(frames: readonly ListedFrame[], rate: Rate): readonly ListedFrame[] {
  if (rate === 'every frame') return frames
  return everySecond(frames, CLIP.framesPerSecond, rate === 'a second' ? 0 : 9)
}

/** The reference's rule either way, over every frame of both, bit by bit. */
function areAlike(ours: readonly ListedFrame[], listed: readonly ListedFrame[]): boolean {
  return shareOf(ours, listed) >= 0.8 || shareOf(listed, ours) >= 0.8
}

/** Of the distinct frames of one video, those that the other has. */
function shareOf(some: readonly ListedFrame[], others: readonly ListedFrame[]): number {
  const [from, to] = [distinct(some), distinct(others)]
  return from.filter((one) => to.some((other) => differing(one, other) <= 31)).length / from.length
}

function distinct(frames: readonly ListedFrame[]): Buffer[] {
  return [...new Set(frames.filter(({ quality }) => quality >= 50).map(({ hex }) => hex))].map((hex) =>
    Buffer.from(hex, 'hex'),
  )
}

function differing(a: Buffer, b: Buffer): number {
  let bits = 0
  for (let i = 0; i < a.length; i++) for (let x = a[i]! ^ b[i]!; x !== 0; x &= x - 1) bits++
  return bits
}
