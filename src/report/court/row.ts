/** Cells of a table of a court's edition, in order. */
export type Row = readonly string[]
