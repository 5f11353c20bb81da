/**
 * The error for an image that is not read, because bytes would be missing or in the wrong place; no byte of it was
 * examined.
 */
export type RefusedCode =
  | 'segment-missing'
  | 'segment-order'
  | 'segment-size'
  | 'segment-foreign'
  | 'segment-outside'
  | 'format-unknown'
  | 'format-not-built'
  | 'format-encrypted'
  | 'header-damaged'
  | 'size-implausible'
  | 'parent-missing'

export class ImageRefused extends Error {
  override readonly name = 'ImageRefused'
  readonly code: RefusedCode
  readonly params: Readonly<Record<string, string | number>>

  constructor(
    code: RefusedCode,
    message: string,
    params: Readonly<Record<string, string | number>> = {},
    options: ErrorOptions = {},
  ) {
    super(message, options)
    this.code = code
    this.params = params
  }
}

/** 1 PiB: no disk that is imaged today is larger, and a larger claim is damage. */
const LARGEST_MEDIUM_BYTES = 2 ** 50

/** @throws ImageRefused when an image states a size that no medium has */
export function plausibleSize(sizeBytes: number | bigint, format: string): number {
  const size = Number(sizeBytes)
  if (!Number.isSafeInteger(size) || size < 0 || size > LARGEST_MEDIUM_BYTES) {
    throw new ImageRefused(
      'size-implausible',
      `The ${format} image states a size of ${sizeBytes} bytes, which no medium has.`,
      {
        format,
        sizeBytes: String(sizeBytes),
      },
    )
  }
  return size
}
