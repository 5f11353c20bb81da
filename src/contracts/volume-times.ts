/** Times that a file system stores for an entry, each with its resolution. */

export interface VolumeTimes {
  /** Nanoseconds since 1970-01-01 on the clock that `zone` names; null: the file system has none. */
  readonly modifiedNs: bigint | null
  readonly changedNs: bigint | null
  readonly accessedNs: bigint | null
  readonly bornNs: bigint | null
  readonly resolution: {
    readonly modified: TimeResolution
    readonly changed: TimeResolution
    readonly accessed: TimeResolution
    readonly born: TimeResolution
  }
  readonly zone: 'utc' | 'offset' | 'local-unknown'
}
export type TimeResolution = 'ns' | '100ns' | 'us' | 'ms' | '10ms' | 's' | '2s' | 'day'
