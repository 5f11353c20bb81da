/** What a CFTT case is, and the steps that its layouts are written with. */
import type { Phase, Step } from '../../../fixtures/cftt/steps.ts'
import type { Contents } from './contents.ts'

/** What the volume can hold beside files and folders. */
export interface Abilities {
  readonly links: boolean
  readonly streams: boolean
}

export interface CfttCase {
  /** `DFR-05-braid`: a number may have several layouts. */
  readonly id: string
  readonly title: string
  /** Objects that are listed: what was deleted, or (cases of listing) what is live too. */
  readonly lists: 'deleted' | 'all'
  readonly phases: (contents: Contents, abilities: Abilities) => readonly Phase[]
}

/** Bytes of one piece of a file that is written in pieces: the largest cluster of any volume here. */
export const PIECE = 4096

/** The files piece by piece in turn. */
export function woven(...files: readonly (readonly [string, Buffer])[]): Step[] {
  const most = Math.max(...files.map(([, content]) => content.length))
  return range(Math.ceil(most / PIECE)).flatMap((i) =>
    files
      .filter(([, content]) => i * PIECE < content.length)
      .map(([path, content]) => append(path, content.subarray(i * PIECE, (i + 1) * PIECE))),
  )
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
export const write = (path: string, content: Buffer): Step => ({ do: 'write', path, content })
export const append = (path: string, content: Buffer): Step => ({ do: 'append', path, content })
export const mkdir = (path: string): Step => ({ do: 'mkdir', path })
export const remove = (path: string): Step => ({ do: 'remove', path })
export const removeTree = (path: string): Step => ({ do: 'remove-tree', path })
