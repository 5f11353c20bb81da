/** Damage that a verification of the whole image met, as remarks of the ledger: a run that goes on has it from there. */
import type { Damage } from '../../contracts/image.ts'
import type { ExhibitImage } from '../../contracts/image-exhibit.ts'

type Remark = ExhibitImage['remarks'][number]

const DAMAGED_RANGE = 'damaged-range'

export function damageRemarks(damage: readonly Damage[]): Remark[] {
  return damage.map(({ offset, length, kind, cause }) => ({
    code: DAMAGED_RANGE,
    params: { offset, length, kind, cause },
  }))
}

export function damageSaid(image: ExhibitImage | null): Damage[] {
  return (image?.remarks ?? [])
    .filter(({ code }) => code === DAMAGED_RANGE)
    .map(({ params }) => ({
      offset: Number(params.offset),
      length: Number(params.length),
      kind: params.kind === 'damaged' ? 'damaged' : 'unreadable-at-acquisition',
      cause: String(params.cause),
    }))
}

/** What the image says by itself, whatever a verification met. */
export function withoutDamageRemarks(image: ExhibitImage): ExhibitImage {
  return { ...image, remarks: image.remarks.filter(({ code }) => code !== DAMAGED_RANGE) }
}
