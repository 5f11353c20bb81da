/** What the page is told to find its way among contents: types only. */

/** Common filters of the pass, each with the number of its contents. */
export interface Facets {
  readonly chips: readonly {
    readonly chip: 'listed' | 'first' | 'next' | 'picture' | 'video'
    readonly query: string
    readonly count: number
  }[]
  /** By month of the earliest modification; without gaps. */
  readonly months: readonly { readonly month: string; readonly count: number }[]
  readonly undated: number
}

/** Volumes, folders and containers below a node, by name. */
export interface Folders {
  readonly folders: readonly {
    readonly node: number
    readonly name: string
    /** `volume`, `file`, or what a container holds. */
    readonly step: string
    /** Contents of the pass below it. */
    readonly count: number
    /** There are folders below it. */
    readonly hasMore: boolean
  }[]
}
