/** A decision on the same content or on a near copy of it, made by another person or on another exhibit. */
export interface GradedElsewhere {
  readonly how: 'same' | 'near'
  readonly category: string
  readonly operator: string
  readonly exhibit: string
}
