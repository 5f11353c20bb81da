/**
 * Steps that undo what a test file made. Helpers must not call `afterAll` when they are imported: without isolation (`npm run test:unit`)
 * a helper is imported once for many test files.
 */
const steps: (() => void)[] = []

export function atFileEnd(step: () => void): void {
  steps.push(step)
}

/** Called after each test file (test/time-limit.ts), last step first. */
export function endFile(): void {
  for (const step of steps.splice(0).reverse()) step()
}
