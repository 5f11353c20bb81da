/** The ledgers that every exporter is tried on. */

import { childPath, filePath, volumePath } from '../../src/base/evidence-path.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import type { EvidencePath } from '../../src/contracts/entry.ts'
import type { Ranked } from '../../src/contracts/finding.ts'
import type { LedgerReader } from '../../src/contracts/ledger-reader.ts'
import type { ReviewReason } from '../../src/contracts/review-reason.ts'
import { notApplicable as notApplicableIn, notDone, withWarnings } from '../../src/contracts/stage.ts'
import type { EntryView } from '../../src/contracts/view.ts'
import { hostileNames } from './hostile-names.ts'
import {
  conflict,
  contentOf,
  directoryView,
  hit,
  nearMatch,
  notApplicable,
  scored,
  syntheticLedger,
  unreadView,
  view,
} from './synthetic-ledger.ts'

export function emptyLedger(): LedgerReader {
  return syntheticLedger({ views: () => [] })
}

export function caseLedger(sealed = true): LedgerReader {
  return syntheticLedger({ views: caseViews, sealed })
}

/** A listed picture in an archive that was deleted, and in one that is live. */
export function deletedArchiveLedger(): LedgerReader {
  const onImage = (status: 'deleted' | 'live') => ({
    ...{ volume: 2, status, basis: null, record: 45, sequence: 3, nameTimes: null, notes: [] },
    place: { stated: null } as never,
  })
  const archive = (status: 'deleted' | 'live', path: EvidencePath) => [
    view(path, {
      content: contentOf(`zip ${status}`, 9_000_000n, 'application/zip'),
      entry: { onImage: onImage(status) },
    }),
    view(childPath(path, 'member', Buffer.from(`${status}.jpg`)), { hits: [hit()], ranked: FIRST }),
  ]
  const [gone, here] = ['gone.zip', 'here.zip'].map((name) => volumePath(2, Buffer.from(name)))
  const views = [
    ...archive('deleted', childPath(gone!, 'record', Buffer.from('45-3'))),
    ...archive('live', here!),
  ]
  return syntheticLedger({ views: () => views })
}

/** Every name that attacks, once as a plain file, once as evidence of every kind. */
export function hostileLedger(names = hostileNames()): LedgerReader {
  return syntheticLedger({ views: () => hostileViews(names) })
}

/** As many names of no interest, in the same order: what is built from it must have the same shape. */
export function tameLedger(count = hostileNames().length): LedgerReader {
  const names = Array.from({ length: count }, (_, i) => Buffer.from(`name ${String(i).padStart(5, '0')}`))
  return syntheticLedger({ views: () => hostileViews(names) })
}

/** One of everything a small seizure shows. */
export function caseViews(): EntryView[] {
  const archive = filePath(Buffer.from('Downloads/holiday.zip'))
  const shared = contentOf('planted', 2_000_000n)
  return sorted([
    directoryView('DCIM'),
    view('DCIM/IMG_0001.jpg', { content: shared, hits: [hit()], ranked: FIRST }),
    view('Backup/IMG_0001 (copy).jpg', {
      content: shared,
      copyOf: filePath(Buffer.from('DCIM/IMG_0001.jpg')),
      hits: [hit()],
      ranked: FIRST,
    }),
    view('DCIM/IMG_0002.jpg', {
      hits: [
        hit({
          algorithms: ['md5'],
          weak: true,
          hashSet: 'Old list',
          edition: null,
          scale: null,
          category: null,
          categoryLabel: null,
          meaning: 'interest',
        }),
      ],
      ranked: { priority: 2, reasons: [OF_INTEREST] },
    }),
    view(childPath(archive, 'member', Buffer.from('inner/caf\xe9.jpg', 'latin1')), {
      hits: [hit({ category: '7', categoryLabel: null, meaning: 'interest' })],
      ranked: { priority: 2, reasons: [OF_INTEREST] },
    }),
    view('Downloads/holiday.zip', {
      content: contentOf('zip', 9_000_000n, 'application/zip'),
      stages: {
        opened: { result: 'done' },
        'looked-at': notApplicableIn('not-a-picture'),
      },
    }),
    view('DCIM/IMG_0003.jpg', {
      conflicts: [conflict()],
      ranked: { priority: 1, reasons: [{ code: 'digest-conflict', params: { list: 'National list' } }] },
    }),
    view('DCIM/IMG_0004.jpg', {
      near: [nearMatch(), nearMatch({ distanceBits: 30, band: 'similar', orientation: 'rotated-90' })],
      ranked: {
        priority: 2,
        reasons: [{ code: 'near-illegal', params: { list: 'National list', distanceBits: 18 } }],
      },
    }),
    view('DCIM/IMG_0005.jpg', { ...scored(8_831), preview: gradient(16, 12) }),
    view('DCIM/IMG_0006.jpg', {
      ...scored(2_501),
      preview: gradient(12, 16),
      attributes: [attribute('wrong-extension', { extension: 'txt', mediaType: 'image/jpeg' })],
    }),
    view('DCIM/IMG_0007.jpg', scored(2_499)),
    view('chats/msgstore.db', {
      content: contentOf('chat', 40_960n, 'application/vnd.sqlite3'),
      signals: [
        {
          kind: 'signal',
          classifier: 'text-rules',
          rule: 'secrecy',
          stage: 'isolation',
          quote: 'don’t tell anyone <b>ok</b>',
          start: 10,
          end: 38,
          messageIndex: 4,
        },
      ],
      ranked: { priority: 4, reasons: [{ code: 'text-signs', params: { signs: 1 } }] },
    }),
    view('DCIM/broken.jpg', {
      stages: {
        'looked-at': notDone('decode-failed', {
          code: 'library',
          params: { text: 'VipsJpeg: premature end of JPEG image' },
        }),
      },
    }),
    view('DCIM/lenient.jpg', {
      stages: {
        'looked-at': withWarnings('decoded-leniently', {
          code: 'rows-missing',
          params: { rows: 3, of: 480 },
        }),
      },
    }),
    unreadView('private/secret.bin', 'permission-denied', { code: 'errno', params: { errno: 'EACCES' } }),
    unreadView('disk.img', 'sparse', { code: 'sparse', params: { bytes: 2 ** 40, allocated: 0 } }),
    view('Windows/explorer.exe', {
      content: contentOf('exe', 4_000n, 'application/x-msdownload'),
      hits: [
        hit({
          meaning: 'known',
          hashSet: 'Operating system files',
          edition: null,
          scale: null,
          category: null,
          categoryLabel: null,
          algorithms: ['sha256'],
        }),
      ],
      stages: {
        opened: notApplicableIn('known'),
        'looked-at': notApplicableIn('known'),
      },
    }),
    view('link', {
      entry: { kind: 'symlink', sizeBytes: 11n, linkTarget: Buffer.from('/etc/passwd') },
      content: null,
      stages: notApplicable('symlink'),
    }),
    view('pipe', {
      entry: { kind: 'fifo', sizeBytes: 0n },
      content: null,
      stages: notApplicable('special-file'),
    }),
    view('old-fat.jpg', {
      entry: {
        times: {
          modified: { ns: 315_532_800_000_000_000n, source: 'stat', resolution: '2s', zone: 'local-unknown' },
          changed: null,
          accessed: null,
          born: null,
        },
      },
    }),
  ])
}

const FIRST: Ranked = {
  priority: 1,
  reasons: [{ code: 'hit-illegal', params: { list: 'National list', edition: '2026-10', weak: false } }],
}

const OF_INTEREST: ReviewReason = { code: 'hit-interest', params: { list: 'Old list' } }

function hostileViews(names: readonly Buffer[]): EntryView[] {
  return sorted(
    names.flatMap((name, i) => {
      const text = name.toString('utf8')
      const list = { hashSet: text, edition: text, category: text, scale: text, categoryLabel: text }
      return [
        view(name, {
          content: contentOf(name, 1n, text),
          hits: [hit(list)],
          conflicts: [conflict(list)],
          near: [nearMatch({ ...list, orientation: text })],
          ...scored(6_000),
          signals: [
            {
              kind: 'signal',
              classifier: text,
              rule: text,
              stage: text,
              quote: text,
              start: 0,
              end: 1,
              messageIndex: i,
            },
          ],
          attributes: [attribute('as-written', { name: text, text })],
          ranked: {
            priority: 1,
            reasons: [{ code: 'hit-interest', params: { list: text, edition: text, label: text } }],
          },
          preview: gradient(16, 16),
        }),
        unreadView(Buffer.concat([Buffer.from('unread/'), name]), 'io-error', {
          code: 'library',
          params: { text },
        }),
        view(childPath(filePath(name), 'member', name), {
          entry: { kind: 'symlink', linkTarget: name },
          content: null,
        }),
      ]
    }),
  )
}

export function gradient(width: number, height: number) {
  return {
    width,
    height,
    cells: Buffer.from(Array.from({ length: width * height }, (_, i) => (i * 7) % 256)),
  }
}

function sorted(views: EntryView[]): EntryView[] {
  return views.sort((a, b) => Buffer.compare(a.entry.path.bytes, b.entry.path.bytes))
}
