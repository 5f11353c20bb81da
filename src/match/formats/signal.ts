/** The hash of one content as an exchange hands it on. */
export interface Signal {
  /** Line or item of the list. */
  readonly at: number
  /** As the exchange names it, in any case: `vpdq`, `HASH_VIDEO_VPDQ`, `pdq`, `video_md5`. */
  readonly type: string
  readonly value: string
  /** Name in the list; without one, the line or item. */
  readonly name: string
}
