/** What the page is told to find its way among contents. */

import type { ViewAsked } from './said.ts'

export const FACET_LISTS = ['camera', 'person', 'direction', 'tag'] as const
export type FacetList = (typeof FACET_LISTS)[number]

export interface FacetValue {
  readonly text: string
  /** Term of the filter that finds them. */
  readonly query: string
  readonly count: number
}

/** Common filters of the pass, each with the number of its contents. */
export interface Facets {
  readonly chips: readonly {
    readonly chip: 'listed' | 'first' | 'next' | 'picture' | 'video' | 'other'
    readonly query: string
    readonly count: number
  }[]
  /** By month of the earliest modification; without gaps. */
  readonly months: readonly {
    readonly month: string
    readonly count: number
    /** The first bar counts all earlier contents too. */
    readonly earlier?: true
    /** The last bar counts all later contents too. */
    readonly later?: true
  }[]
  readonly undated: number
  /** Where contents say that they were made; empty unless the scan was asked for it (`--gps`). */
  readonly positions: readonly {
    /** Degrees, rounded where many positions are near each other. */
    readonly latitude: number
    readonly longitude: number
    readonly count: number
  }[]
  /** Models of cameras, persons and directions of records, tags: most contents first. */
  readonly lists: Readonly<Record<FacetList, readonly FacetValue[]>>
  /** Values that a list leaves out, because it would be too long. */
  readonly left: Readonly<Record<FacetList, number>>
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

/** What a person chose to look at, kept by a name as an event of the custody log. */
export interface SavedView extends Omit<ViewAsked, 'around'> {
  readonly operator: string
  readonly name: string
  readonly isMine: boolean
}
