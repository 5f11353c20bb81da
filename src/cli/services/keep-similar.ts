/**
 * `scan --similar-basis`: after the seal the pictures are read once more, and how similar each looks to the hits on lists of
 * illegal material is kept beside the ledger, as an order for the review.
 *
 * Features stay in memory: those of hits until the end, those of any other picture for as long as it is compared. A picture
 * of which a face takes a tenth gets none: its features would be those of the face.
 */
import { basename } from 'node:path'
import { fileSha256 } from '../../base/file-digest.ts'
import { osAccount } from '../../base/os-account.ts'
import { MODELS_DIR } from '../../base/version.ts'
import { BACKBONE_IDS } from '../../classify/backbone-ids.ts'
import { featureOf } from '../../classify/backbones.ts'
import type { Feature } from '../../classify/head-card.ts'
import { keepSecrets } from '../../host/decoder/file-keys.ts'
import { JobPool } from '../../host/decoder/job-pool.ts'
import { featurePool, featuresOfPicture, widthOf } from '../../host/decoder/learn-request.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { shippedScales } from '../../match/records/scale.ts'
import { faceContents } from '../../review/face-contents.ts'
import { readContent } from '../../review/read-content.ts'
import { ReviewSession } from '../../review/session.ts'
import { SIMILARITY_KEPT, type Similar, SimilarWriter } from '../../review/similar.ts'
import type { KeepAsked } from './keep-previews.ts'
import { recordCustody } from './log-custody.ts'

/** More take longer to compare than a picture takes to decode. */
const MOST_LISTED = 5000
const SAY_EVERY = 500

type Listed = { readonly sha256: string; readonly vector: Float32Array }

/** Does nothing where the scan was paused: its ledger is not sealed. */
export async function keepSimilar(asked: KeepAsked & { readonly basis: string }): Promise<void> {
  const { ledger: path, opened, workers, allowUnconfined, heads, basis } = asked
  const ledger = openLedger(path)
  if (ledger.seal === null) {
    ledger.close()
    return
  }
  const { limits } = ledger.plan
  const features = BACKBONE_IDS.map((id) => featureOf(MODELS_DIR, id))
  const pool = featurePool(features, workers, limits, allowUnconfined)
  const openers = new JobPool({
    dataBytes: limits.childDataBytes,
    cpuMs: limits.decodeCpuMs,
    allowUnconfined,
    size: 1,
    ops: ['open'],
  })
  keepSecrets(openers, asked.secrets)
  // It reads contents and places; as a review it is never opened.
  const session = new ReviewSession(ledger, {
    operator: ledger.case.examiner,
    account: osAccount(),
    scale: shippedScales()[0]!,
    pass: 'first',
    sample: null,
    categories: [],
    onHead: () => {},
    pageSha256: '',
  })
  const readers = opened.startReaders(1, limits, false)
  const writer = new SimilarWriter(path)
  const counts = { compared: 0, faces: 0, without: 0 }
  try {
    const { catalogue } = session
    const faces = faceContents(session.db)
    const pictures = [...session.contents].filter((number) => catalogue.kind(number) === 'picture')
    const all = pictures.filter((number) => !faces.has(catalogue.ids[number]!))
    counts.faces = pictures.length - all.length
    const hits = all.filter((number) => catalogue.isListed(number))
    const listed: Listed[] = []
    await each(hits.slice(0, MOST_LISTED), async (number) => {
      const vector = await vectorOf(number)
      if (vector === null) counts.without++
      else listed.push({ sha256: catalogue.sha256(number), vector })
    })
    // Of two equally similar ones the first by digest, whatever the order of the answers.
    listed.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
    const unknown = listed.length === 0 ? [] : all.filter((number) => !catalogue.isListed(number))
    await each(unknown, async (number) => {
      const vector = await vectorOf(number)
      if (vector === null) counts.without++
      else {
        writer.add(catalogue.sha256Bytes(number), nearest(vector, listed))
        if (++counts.compared % SAY_EVERY === 0)
          process.stderr.write(`${counts.compared} contents compared with listed ones\n`)
      }
    })
    for (const { vector } of listed) vector.fill(0)
    const file = writer.finish()
    const words = { ...counts, listed: listed.length, listedLeftOut: Math.max(0, hits.length - MOST_LISTED) }
    const detail = {
      basis,
      file: basename(file),
      ...Object.fromEntries(Object.entries(words).map(([name, count]) => [name, String(count)])),
      sha256: await fileSha256(file),
    }
    recordCustody(path, { event: SIMILARITY_KEPT, operator: ledger.case.examiner, detail }, heads)
  } catch (error) {
    writer.discard()
    throw error
  } finally {
    await Promise.all([pool.close(), openers.close(), readers.close()])
    session.release()
    ledger.close()
  }

  async function each(numbers: readonly number[], work: (number: number) => Promise<void>): Promise<void> {
    const left = numbers.values()
    const take = async () => {
      for (const number of left) await work(number)
    }
    await Promise.all(Array.from({ length: workers }, take))
  }

  async function vectorOf(number: number): Promise<Float32Array | null> {
    const { content } = session.facts.view(session.lookup.placesOf(session.catalogue.ids[number]!)[0]!)
    const read = await readContent(session, number, { readers, openers, limits })
    if ('refused' in read) return null
    const { values } = await featuresOfPicture(pool, content!, read.bytes, widthOf(features), limits).finally(
      () => read.bytes.fill(0),
    )
    return values && vectorFrom(values, features)
  }
}

/**
 * Square roots of the features, of length 1 for each model: one strong feature does not outweigh the others.
 * @param values float32 of each model, then the colours of the baseline
 */
function vectorFrom(values: Buffer, features: readonly Feature[]): Float32Array {
  let at = 0
  const parts = features.map(({ size }) => {
    const part = Float32Array.from({ length: size }, (_, i) =>
      Math.sqrt(Math.max(0, values.readFloatLE(4 * (at + i)))),
    )
    at += size
    const length = Math.sqrt(part.reduce((sum, one) => sum + one * one, 0)) || 1
    return part.map((one) => one / (length * Math.sqrt(features.length)))
  })
  const vector = new Float32Array(at)
  let from = 0
  for (const part of parts) {
    vector.set(part, from)
    from += part.length
  }
  return vector
}

function nearest(vector: Float32Array, listed: readonly Listed[]): Similar {
  let best = { to: '', cosine: -1 }
  for (const { sha256, vector: other } of listed) {
    let cosine = 0
    for (let i = 0; i < vector.length; i++) cosine += vector[i]! * other[i]!
    if (cosine > best.cosine) best = { to: sha256, cosine }
  }
  return { to: best.to, per10k: Math.min(10_000, Math.max(0, Math.round(best.cosine * 10_000))) }
}
