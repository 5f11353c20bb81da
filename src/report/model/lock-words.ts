/**
 * Sentences on locks: the secret that opened a volume, and the kind of key that would open a closed one. Terminal and
 * both editions use them.
 */
import { printPath } from '../../base/evidence-path.ts'
import type { ExaminationFacts, FileLocks, MediumFacts } from '../../contracts/ledger-reader.ts'
import { type Lock, type Protector, volumeLeft, wantedFor } from '../../contracts/lock.ts'
import type { FileLockGroup } from '../../contracts/view.ts'
import { type ImageKey, sayOfImage } from './image-words.ts'

/** `volume 2 (bitlocker 8f595209-…)`, for messages of commands. */
export function lockName({ volume, format, id }: Pick<Lock, 'volume' | 'format' | 'id'>): string {
  return `volume ${volume} (${[format, id].filter(Boolean).join(' ')})`
}

export function lockText(lock: Lock, language?: string): string {
  const { volume, format, method, label, id, protectors, obstacle } = lock
  const [opened] = lock.openedBy
  const common = { volume, format: method === '' ? format : `${format}, ${method}` }
  if (opened !== undefined) {
    const by = said('protector', opened.protector.kind, language)
    const of = opened.protector.id
    const clear = opened.secret === null ? 'yes' : 'no'
    const sentence = sayOfImage('lock-opened', { ...common, by, ...(of && { of }), clear }, language)
    return [sentence, ...anotherText(lock, language)].join(' ')
  }
  const wanted = wantedFor(lock).map((kind) => said('secret', kind, language))
  if (format === 'apfs') {
    const by = wanted.length > 0 && { wanted: wanted.join(', ') }
    return sayOfImage('lock-apfs', { volume, ...(label && { label }), ...by }, language)
  }
  if (format === 'noise') return sayOfImage('lock-noise', { volume }, language)
  return sayOfImage(
    'lock-closed',
    {
      ...common,
      ...(id && { id }),
      ...(label && { label }),
      ...(obstacle ? { obstacle } : {}),
      ...(wanted.length > 0 && { wanted: wanted.join(', ') }),
      ...(protectors.length > 0 && {
        protectors: protectors.map((one) => protectorText(one, language)).join('; '),
      }),
    },
    language,
  )
}

/** Of an outer and a hidden volume of VeraCrypt one is examined: the other is said. */
function anotherText(lock: Lock, language?: string): string[] {
  const other = volumeLeft(lock)
  if (other === null || other.secret === null) return []
  const { protector, secret } = other
  const by = said('protector', protector.kind, language)
  return [sayOfImage('lock-another', { by, of: protector.id, secret }, language)]
}

function protectorText({ kind, id }: Protector, language?: string): string {
  const words = said('protector', kind, language)
  return id === '' ? words : `${words} ${id}`
}

function said(of: 'protector' | 'secret', kind: string, language?: string): string {
  return sayOfImage(`${of}-${kind}` as ImageKey, {}, language)
}

function fileLocksText(
  { format, wanted, secrets, check, files, first }: FileLockGroup,
  language?: string,
): string {
  const common = {
    files,
    format: sayOfImage(`file-lock-${format}` as ImageKey, {}, language),
    example: printPath(first),
  }
  if (check === null)
    return sayOfImage(
      'file-locks-closed',
      {
        ...common,
        ...(wanted.length > 0 && { wanted: wanted.map((kind) => said('secret', kind, language)).join(', ') }),
      },
      language,
    )
  return sayOfImage('file-locks-opened', { ...common, secrets: secrets.join(', '), check }, language)
}

/** Locks that nothing opened, then those that were opened, and the basis. Empty: the image has none, or is none. */
export function lockTexts(
  ledger: ExaminationFacts & MediumFacts & FileLocks,
  language?: string,
): readonly string[] {
  const locks = ledger.ranges().flatMap(({ lock }) => lock ?? [])
  const isOpen = ({ openedBy }: Lock) => openedBy.length > 0
  const { keysBasis, continuesHead } = ledger.plan.options
  const files = ledger.fileLocks()
  const isFileOpen = ({ secrets }: FileLockGroup) => secrets.length > 0
  return [
    ...locks.filter((lock) => !isOpen(lock)).map((lock) => lockText(lock, language)),
    ...files.filter((group) => !isFileOpen(group)).map((group) => fileLocksText(group, language)),
    ...locks.filter(isOpen).map((lock) => lockText(lock, language)),
    ...files.filter(isFileOpen).map((group) => fileLocksText(group, language)),
    ...(keysBasis === undefined ? [] : [sayOfImage('keys-basis', { basis: keysBasis }, language)]),
    ...(continuesHead === undefined ? [] : [sayOfImage('continues', { head: continuesHead }, language)]),
  ]
}
