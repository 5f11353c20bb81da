/**
 * `scan --previews blurred`: after the seal the pictures and videos are read once more, and a blurred preview of each is
 * kept beside the ledger. Hits on lists of illegal material get none: a digest needs no eyes.
 */
import { basename } from 'node:path'
import { fileSha256 } from '../../base/file-digest.ts'
import { osAccount } from '../../base/os-account.ts'
import type { Secret } from '../../contracts/lock.ts'
import { keepSecrets } from '../../host/decoder/file-keys.ts'
import { JobPool } from '../../host/decoder/job-pool.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { shippedScales } from '../../match/records/scale.ts'
import { PREVIEWS_KEPT, PreviewWriter } from '../../review/kept-previews.ts'
import { ReviewSession } from '../../review/session.ts'
import { TilePixels } from '../../review/tile-pixels.ts'
import { recordCustody } from './log-custody.ts'
import type { OpenExhibit } from './open-exhibit.ts'

export interface KeepAsked {
  readonly ledger: string
  readonly opened: OpenExhibit
  /** Of the keys file; empty: none. */
  readonly secrets: readonly Secret[]
  readonly workers: number
  readonly allowUnconfined: boolean
  readonly heads: string | undefined
}

const SAY_EVERY = 500

/** Does nothing where the scan was paused: its ledger is not sealed. @returns number of previews */
export async function keepPreviews(asked: KeepAsked): Promise<number> {
  const { ledger: path, opened, workers, allowUnconfined, heads } = asked
  const ledger = openLedger(path)
  if (ledger.seal === null) {
    ledger.close()
    return 0
  }
  const { limits } = ledger.plan
  const common = { dataBytes: limits.childDataBytes, cpuMs: limits.decodeCpuMs, allowUnconfined }
  const decoders = new JobPool({ ...common, size: workers, ops: ['reveal'] })
  const openers = new JobPool({ ...common, size: 1, ops: ['open'] })
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
  const startReaders = () => opened.startReaders(1, limits, false)
  const pixels = new TilePixels(session, { decoders, openers, startReaders, limits })
  const writer = new PreviewWriter(path)
  let [kept, without] = [0, 0]
  try {
    const { catalogue } = session
    const left = [...session.contents].filter(
      (number) => catalogue.kind(number) !== 'other' && !catalogue.isListed(number),
    )
    const keep = async () => {
      for (let number = left.shift(); number !== undefined; number = left.shift()) {
        const made = await pixels.make(number, { level: 'blurred', treatment: 'blur', want: 'tile' })
        if ('frames' in made) {
          writer.add(catalogue.sha256Bytes(number), made.frames[0]!)
          if (++kept % SAY_EVERY === 0) process.stderr.write(`previews kept of ${kept} contents\n`)
        } else without++
      }
    }
    await Promise.all(Array.from({ length: workers }, keep))
    const file = writer.finish()
    recordCustody(
      path,
      {
        event: PREVIEWS_KEPT,
        operator: ledger.case.examiner,
        detail: {
          file: basename(file),
          contents: String(kept),
          without: String(without),
          sha256: await fileSha256(file),
        },
      },
      heads,
    )
    return kept
  } catch (error) {
    writer.discard()
    throw error
  } finally {
    await Promise.all([pixels.close(), decoders.close(), openers.close()])
    session.release()
    ledger.close()
  }
}
