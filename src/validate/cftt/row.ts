/** One case on one file system, or on one kind of content: what is there, and what each reader gave. */
import type { Counted } from './measure.ts'

export interface CfttRow {
  readonly case: string
  readonly title: string
  readonly fileSystem: string
  /** `made`; or why there is nothing to count. */
  readonly state: 'made' | 'could not be made on this machine' | 'not asked'
  readonly recoverable: number
  readonly overwritten: number
  /** The most fragments of one content that could be recovered. */
  readonly fragments: number
  readonly readers: readonly {
    readonly reader: string
    readonly contents: Counted
    readonly names: Counted | null
  }[]
}
