/** Where a stretch of text stands in a picture. */
export interface TextPlace {
  /** In the text, in UTF-16 units; `end` is not part of it. */
  readonly start: number
  readonly end: number
  /** In whole pixels of the upright picture. */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Of a scan of several pages, from 1; of a video, the time of its frame. Absent: the content is one picture. */
  readonly page?: number
  readonly ms?: number
}
