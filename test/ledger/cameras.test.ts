import { describe, expect, it } from 'vitest'
import { contentOf, PLAN } from '../../fixtures/ledgers/synthetic.ts'
import { bareEntry } from '../../src/base/bare-entry.ts'
import { filePath, printPath } from '../../src/base/evidence-path.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import type { Plan } from '../../src/contracts/case.ts'
import type { Entry } from '../../src/contracts/entry.ts'
import type { Finding, Hit, NearMatch } from '../../src/contracts/finding.ts'
import type { Session } from '../../src/contracts/session.ts'
import type { CameraGroup, EntryView } from '../../src/contracts/view.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { resumeLedger } from '../../src/ledger/write/session.ts'
import { ENGLISH } from '../../src/report/texts/index.ts'
import { RULES_NOW } from '../../src/score/rule-versions.ts'
import { newLedger, temporaryFolder, temporaryFolderForFile } from './temporary.ts'

interface Shot {
  readonly name: string
  readonly camera?: Readonly<Record<string, string>>
  /** Leads at 6000 and above. */
  readonly explicit?: number
  readonly hit?: Hit['meaning']
  readonly near?: NearMatch['meaning']
}

const OWN = {
  'camera-make': 'Example Optics',
  'camera-model': 'EO-1',
  'camera-serial': '0042',
  software: '1.0',
}
const PHONE = { 'camera-make': 'Example Phones', 'camera-model': 'P 9', software: '17.1' }

/** Writes no software: its folder is the second sign. */
const TABLET = { 'camera-make': 'Example Tablets', 'camera-model': 'T 2' }

const SHOTS: readonly Shot[] = [
  { name: 'DCIM/100EO/1.jpg', camera: OWN },
  { name: 'DCIM/100EO/2.jpg', camera: OWN, explicit: 7000 },
  { name: 'moved/3.jpg', camera: { ...OWN, software: 'Editor 3' }, explicit: 7000 },
  { name: 'moved/4.jpg', camera: OWN, explicit: 100 },
  { name: 'lists/hit.jpg', camera: OWN, explicit: 7000, hit: 'interest' },
  { name: 'lists/near.jpg', camera: OWN, explicit: 7000, near: 'illegal' },
  { name: 'other/serial.jpg', camera: { ...OWN, 'camera-serial': '0043' }, explicit: 7000 },
  { name: 'phone/1.jpg', camera: PHONE, explicit: 7000 },
  { name: 'phone/2.jpg', camera: PHONE },
  { name: 'phone/3.jpg', camera: PHONE },
  { name: 'phone/4.jpg', camera: { ...PHONE, software: '17.2' }, explicit: 7000 },
  { name: 'DCIM/100TB/1.jpg', camera: TABLET },
  { name: 'DCIM/100TB/2.jpg', camera: TABLET },
  { name: 'DCIM/100TB/3.jpg', camera: TABLET, explicit: 7000 },
  { name: 'moved/5.jpg', camera: TABLET, explicit: 7000 },
  { name: 'downloads/1.jpg', camera: { 'camera-model': 'Lone' }, explicit: 7000 },
  { name: 'downloads/2.jpg', camera: { 'camera-model': 'Lone' } },
  { name: 'plain/1.jpg', explicit: 7000 },
]

const LIST = {
  hashSet: 'l',
  hashSetSha256: '00',
  edition: null,
  category: null,
  scale: null,
  categoryLabel: null,
}

function inventory(session: Session): void {
  session.recordEntries(SHOTS.map(({ name }) => ({ entry: entry(name), read: null })))
  session.recordInventoryDone(null)
  session.recordReads(
    session.pendingReads(null, 100).map(({ entryId, path }) => {
      const shot = shotOf(path.bytes.toString())
      const hits: Hit[] = shot.hit
        ? [{ kind: 'hit', ...LIST, algorithms: ['sha256'], weak: false, meaning: shot.hit }]
        : []
      return {
        entryId,
        outcome: { result: DONE, content: contentOf(shot.name, 'image/jpeg'), bytesRead: 1n },
        match: { result: DONE, hits, conflicts: [], suppressedBy: null, warnings: [] },
      }
    }),
  )
}

/** @param order positions of the contents that wait, each recorded by itself */
function look(session: Session, order: (waiting: number) => readonly number[]): void {
  for (const stage of ['opened', 'looked-at'] as const) {
    const pending = session.pendingContents(stage, null, 100)
    for (const at of order(pending.length)) {
      const { contentId, path } = pending[at]!
      const findings = stage === 'opened' ? [] : findingsOf(shotOf(path.bytes.toString()))
      session.recordExaminations([
        { contentId, examination: { stage, result: DONE, findings, preview: null } },
      ])
    }
  }
}

function findingsOf({ camera = {}, explicit, near }: Shot): Finding[] {
  return [
    ...Object.entries(camera).map(([code, text]) => attribute(code as 'software', { text })),
    ...(explicit === undefined
      ? []
      : [
          {
            kind: 'score' as const,
            classifier: 'explicitness',
            modelSha256: 'ab'.repeat(32),
            label: 'explicit',
            scorePer10k: explicit,
            thresholdPer10k: 2500,
          },
        ]),
    ...(near
      ? [
          {
            kind: 'near' as const,
            ...LIST,
            algorithm: 'pdq' as const,
            distanceBits: 9,
            quality: 100,
            band: 'near-exact' as const,
            orientation: 'original',
            video: null,
            meaning: near,
          },
        ]
      : []),
  ]
}

function read(path: string): { views: Map<string, EntryView>; cameras: readonly CameraGroup[] } {
  const ledger = openLedger(path)
  try {
    return {
      views: new Map([...ledger.entries()].map((view) => [printPath(view.entry.path), view])),
      cameras: ledger.cameras(),
    }
  } finally {
    ledger.close()
  }
}

const inOrder = (count: number) => [...Array(count).keys()]

function whole(order = inOrder, folder = temporaryFolder(), plan?: Plan) {
  const session = newLedger(plan, folder)
  inventory(session)
  look(session, order)
  session.seal()
  return read(session.path)
}

describe('a picture that fits a camera found on the exhibit', () => {
  const { views, cameras } = whole(inOrder, temporaryFolderForFile())
  const marked = (name: string) =>
    views.get(name)!.attributes.find(({ code }) => code === 'possible-first-generation')?.params

  it('is marked when it carries a lead and is on no list', () => {
    expect([...views.keys()].filter(marked).sort()).toEqual([
      'DCIM/100EO/2.jpg',
      'DCIM/100TB/3.jpg',
      'moved/3.jpg',
    ])
  })

  it('names make and model and a second sign, where the camera has no serial number', () => {
    // The same firmware: every telephone of that model which was updated has it.
    expect(marked('phone/1.jpg')).toBeUndefined()
    expect(marked('DCIM/100TB/3.jpg')).toMatchObject({ sign: 'camera-folder' })
    // As many pictures with the same make and model: a million telephones share them.
    expect(marked('phone/4.jpg')).toBeUndefined()
    expect(marked('moved/5.jpg')).toBeUndefined()
  })

  it('keeps what an older ledger says: its rules took the firmware as a second sign', () => {
    const older = whole(inOrder, temporaryFolder(), { ...PLAN, rules: { ...RULES_NOW, version: 3 } }).views
    const said = older.get('phone/1.jpg')!.attributes.find(({ code }) => code === 'possible-first-generation')
    expect(said?.params).toMatchObject({ sign: 'software' })
  })

  it('says why, and ranks higher for it', () => {
    expect(marked('DCIM/100EO/2.jpg')).toEqual({
      sign: 'serial',
      make: 'Example Optics',
      model: 'EO-1',
      serial: '0042',
      software: '1.0',
      others: 5,
      inCameraFolder: 1,
      sameSoftware: 4,
      listed: 2,
    })
    expect(marked('moved/3.jpg')).toMatchObject({ others: 5, inCameraFolder: 2, sameSoftware: 0, listed: 2 })
    const { ranked } = views.get('moved/3.jpg')!
    expect(ranked.priority).toBe(2)
    expect(ENGLISH.review(ranked.reasons[0]!)).toBe(
      'It may be first-generation material: it is on no list and names the camera “Example Optics EO-1” with the serial number 0042, as 5 other contents here do (2 in a camera’s folder, 0 with the same software “Editor 3”, 2 on lists).',
    )
    expect(views.get('plain/1.jpg')!.ranked.priority).toBe(3)
  })

  it('is found by every order of work, and after an interruption', () => {
    const reasons = (from: Map<string, EntryView>) => [...from].map(([name, view]) => [name, view.ranked])
    expect(reasons(whole((count) => inOrder(count).reverse()).views)).toEqual(reasons(views))
    const folder = temporaryFolder()
    const first = newLedger(undefined, folder)
    inventory(first)
    look(first, (count) => inOrder(Math.floor(count / 2)))
    first.close()
    const second = resumeLedger(first.path)
    look(second, inOrder)
    second.seal()
    expect(reasons(read(first.path).views)).toEqual(reasons(views))
  })

  it('is one of a group by make, model, serial number and software', () => {
    expect(cameras[0]).toEqual({
      make: 'Example Optics',
      model: 'EO-1',
      serial: '0042',
      software: '1.0',
      contents: 5,
      listed: 2,
      inCameraFolder: 2,
    })
    expect(
      cameras.map(({ model, serial, software, contents }) => [model, serial, software, contents]),
    ).toEqual([
      ['EO-1', '0042', '1.0', 5],
      ['T 2', null, null, 4],
      ['P 9', null, '17.1', 3],
      ['Lone', null, null, 2],
      ['EO-1', '0042', 'Editor 3', 1],
      ['EO-1', '0043', '1.0', 1],
      ['P 9', null, '17.2', 1],
    ])
  })
})

const DONE = { result: 'done' } as const

function shotOf(name: string): Shot {
  return SHOTS.find((shot) => shot.name === name)!
}

function entry(name: string): Entry {
  return bareEntry({
    path: filePath(Buffer.from(name)),
    kind: 'file',
    sizeBytes: 1n,
    band: name.startsWith('DCIM') ? 0 : 3,
  })
}
