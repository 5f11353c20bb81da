/** The package names types that it does not contain. */
declare module 'unicode-confusables' {
  /** Replaces each look-alike character by the character that it resembles. */
  export function rectifyConfusion(text: string): string
}
