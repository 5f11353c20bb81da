/** Words that the scan read in a picture, as they are sent to the page: text and places, and no pixel. */

export interface PictureWords {
  /** Of the upright picture, in pixels. */
  readonly width: number
  readonly height: number
  readonly lines: readonly PlacedLine[]
  /** Lines over the limit, which are not sent. */
  readonly more: number
}

export interface PlacedLine {
  readonly text: string
  /** In pixels of the upright picture. */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}
