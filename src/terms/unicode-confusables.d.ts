/** The package names types that it does not hold. */
declare module 'unicode-confusables' {
  /** Each character that looks like another becomes that other. */
  export function rectifyConfusion(text: string): string
}
