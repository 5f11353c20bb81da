/** List of supported disk image containers, in the order of the checks. Raw bytes have no signature and come last. */
import type { ContainerFormat, OpenImage, Segment } from '../../../contracts/image.ts'
import { ImageRefused } from '../../../wire/image-refused.ts'
import { AD1 } from './ad1.ts'
import { AFF4, AFF4_LOGICAL } from './aff4/aff4.ts'
import { EWF_E01 } from './ewf/e01.ts'
import { EWF_EX01 } from './ewf/ex01.ts'
import { EWF_L01, EWF_LX01 } from './ewf/l01.ts'
import { refuseOthers } from './others.ts'
import { QCOW } from './qcow/qcow.ts'
import { RAW, SPLIT_RAW } from './raw.ts'
import { UDIF } from './udif/udif.ts'
import { VHD } from './vhd.ts'
import { VHDX } from './vhdx/vhdx.ts'
import { VMDK } from './vmdk/vmdk.ts'

export const CONTAINER_FORMATS: readonly ContainerFormat[] = [
  EWF_E01,
  EWF_EX01,
  EWF_L01,
  EWF_LX01,
  AD1,
  AFF4_LOGICAL,
  AFF4,
  QCOW,
  VMDK,
  VHDX,
  VHD,
  UDIF,
  SPLIT_RAW,
  RAW,
]

/** @param segments in order, at least one @throws ImageRefused and no other error, for any bytes */
export function openImage(segments: readonly Segment[]): OpenImage {
  const [first, ...rest] = segments
  if (!first) throw new ImageRefused('format-unknown', 'No segment was given.')
  const given = [first, ...rest] as const
  refuseOthers(first)
  for (const format of CONTAINER_FORMATS) {
    if (format.recognises([...given])) return format.open([...given])
  }
  throw new ImageRefused('format-unknown', `${first.name} is of no container that is read.`, {
    segment: first.name,
  })
}
