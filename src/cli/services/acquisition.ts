/** The known facts about the image that the exhibit was mounted from, and whether seized itself checked it. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { fileDigest } from '../../base/file-digest.ts'
import type { CaseInfo } from '../../contracts/case.ts'
import { isAmong, mountedFrom } from '../../source/mount/mounted-image.ts'

export type Acquisition = Pick<
  CaseInfo,
  'image' | 'imageFormat' | 'imageShown' | 'acquisitionHash' | 'acquisitionStatus' | 'partitionOffset'
>

/**
 * @param verify read the whole image and compare (raw images only: an E01's own digest is of the media inside it)
 * @throws UsageError when the image is missing, or its digest differs from the stated one
 */
export async function describeAcquisition(given: {
  /** Root of the mount. */
  readonly root: string
  readonly image: string | undefined
  readonly acquisitionHash: string | undefined
  readonly partitionOffset: string | undefined
  readonly verify: boolean
}): Promise<Acquisition> {
  const { image, acquisitionHash } = given
  if (given.verify && !(image && acquisitionHash))
    throw new UsageError('--verify-image compares --image with --acquisition-hash: give both.')
  if (image !== undefined && !existsSync(image))
    throw new UsageError(
      `--image ${image}: there is no such file. Name the image that the exhibit was mounted from, or leave --image out.`,
    )
  const imageFormat = image ? imageFormatOf(image) : null
  const imageShown = image ? whetherMounted(image, given.root, given.verify) : null
  if (given.verify) await compare(image!, imageFormat!, acquisitionHash!)
  return {
    image: image ?? null,
    imageFormat,
    imageShown,
    acquisitionHash: acquisitionHash ?? null,
    acquisitionStatus: given.verify
      ? 'verified-by-seized'
      : acquisitionHash
        ? 'stated-by-operator'
        : 'not-verified',
    partitionOffset: given.partitionOffset ?? null,
  }
}

type ImageShown = NonNullable<CaseInfo['imageShown']>

/** @throws UsageError when the stated image is shown not to be the mounted one */
function whetherMounted(image: string, root: string, verify: boolean): ImageShown {
  const files = mountedFrom(root)
  if (files.length === 0) return 'not-shown'
  if (isAmong(image, files)) return 'mounted'
  if (verify)
    throw new UsageError(
      `--verify-image would vouch for ${image}, but the exhibit is mounted from ${files.join(', ')}. Name that file.`,
    )
  return 'another'
}

/** First bytes of the containers that forensic imagers write; every other format is called raw. */
const SIGNATURES: readonly (readonly [string, Buffer])[] = [
  ['e01', Buffer.from('EVF\x09\x0d\x0a\xff\x00', 'latin1')],
  ['ex01', Buffer.from('EVF2\x0d\x0a\x81\x00', 'latin1')],
  ['aff', Buffer.from('AFF10\x0d\x0a\x00', 'latin1')],
  ['qcow2', Buffer.from('QFI\xfb', 'latin1')],
  ['vmdk', Buffer.from('KDMV', 'latin1')],
  ['vhdx', Buffer.from('vhdxfile', 'latin1')],
]

function imageFormatOf(image: string): string {
  const head = Buffer.alloc(16)
  const fd = openSync(image, 'r')
  try {
    readSync(fd, head, 0, head.length, 0)
  } finally {
    closeSync(fd)
  }
  return SIGNATURES.find(([, magic]) => head.subarray(0, magic.length).equals(magic))?.[0] ?? 'raw'
}

async function compare(image: string, format: string, acquisitionHash: string): Promise<void> {
  if (format !== 'raw')
    throw new UsageError(
      `--verify-image reads raw images; ${image} is ${format}, whose digest is of the media inside it. Verify it with the imager's own tool (ewfverify for E01) and leave --verify-image out.`,
    )
  const [algorithm, hex] = acquisitionHash.split(':') as [string, string]
  const found = await fileDigest(image, algorithm)
  if (found !== hex)
    throw new UsageError(
      `The image is not the acquired one: ${algorithm} of ${image} is ${found}, stated was ${hex}. Nothing was examined.`,
    )
}
