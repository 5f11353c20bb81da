/** Words that the scan read in a picture, as they are sent to the page: text and places, and no pixel. */

export interface PictureWords {
  /** One picture, or the pages of a scan on which words were read, in their order; empty: no word was read. */
  readonly parts: readonly PicturePart[]
  /** Lines over the limit, which are not sent. */
  readonly more: number
}

export interface PicturePart {
  /** From 1; null: the content is one picture. */
  readonly page: number | null
  /** Of the upright picture, in pixels. */
  readonly width: number
  readonly height: number
  readonly lines: readonly PlacedLine[]
}

export interface PlacedLine {
  readonly text: string
  /** In pixels of the upright picture. */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}
