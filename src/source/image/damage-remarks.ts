/** Damage that a verification of the whole image found, as remarks of the ledger, from which a resumed run reads it. */
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

/** Remarks of the image itself, without those of a verification. */
export function withoutDamageRemarks(image: ExhibitImage): ExhibitImage {
  return { ...image, remarks: image.remarks.filter(({ code }) => code !== DAMAGED_RANGE) }
}
