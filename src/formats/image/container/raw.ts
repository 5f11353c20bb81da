/**
 * Raw images: only the bytes of the medium, in one file or split into several.
 *
 * All parts except the last have the same size. A shorter part in between would shift all following parts. When the
 * other parts agree on the size, the short part counts as truncated, and the following bytes keep their offsets.
 * Otherwise the image is refused.
 */
import type { ContainerFormat, OpenImage, Segment } from '../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../wire/image-refused.ts'
import { joinedMedium } from '../content/joined-medium.ts'
import { refusePromised } from './others.ts'

const SECTOR_BYTES = 512

export const RAW: ContainerFormat = {
  name: 'raw',
  recognises: (segments) => segments.length === 1,
  open([only]) {
    refusePromised(only)
    return rawImage('raw', only.medium, [])
  },
}

export const SPLIT_RAW: ContainerFormat = {
  name: 'split-raw',
  recognises: (segments) => segments.length > 1,
  open(segments) {
    refusePromised(segments[0])
    const partBytes = sizeOfParts(segments)
    const remarks: { code: string; params: Record<string, string | number> }[] = []
    const parts = segments.map(({ name, medium }, index) => {
      if (index === segments.length - 1) return { medium, lengthBytes: medium.sizeBytes }
      if (medium.sizeBytes < partBytes) {
        remarks.push({
          code: 'segment-cut',
          params: { segment: name, missingBytes: partBytes - medium.sizeBytes },
        })
      }
      return { medium, lengthBytes: partBytes }
    })
    return rawImage('split-raw', joinedMedium(parts), remarks)
  },
}

function rawImage(format: string, medium: OpenImage['medium'], remarks: OpenImage['remarks']): OpenImage {
  plausibleSize(medium.sizeBytes, format)
  const rest = medium.sizeBytes % SECTOR_BYTES
  return {
    format,
    medium,
    stated: [],
    storedHashes: [],
    remarks:
      rest === 0 ? remarks : [...remarks, { code: 'part-of-a-sector-at-the-end', params: { bytes: rest } }],
    logical: null,
  }
}

/** @returns the original size of all parts except the last */
function sizeOfParts(segments: readonly Segment[]): number {
  const inner = segments.slice(0, -1)
  const partBytes = Math.max(...inner.map(({ medium }) => medium.sizeBytes))
  const odd = inner.filter(({ medium }) => medium.sizeBytes !== partBytes)
  const last = segments[segments.length - 1]
  const beyond = last && last.medium.sizeBytes > partBytes ? last : undefined
  const culprit = beyond ?? (odd.length > 0 && inner.length - odd.length < 2 ? odd[0] : undefined)
  if (culprit) {
    throw new ImageRefused(
      'segment-size',
      `Segment ${culprit.name} has ${culprit.medium.sizeBytes} bytes, others ${partBytes}: where its bytes belong is not known.`,
      { segment: culprit.name, sizeBytes: culprit.medium.sizeBytes, partBytes },
    )
  }
  return partBytes
}
