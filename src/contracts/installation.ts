/**
 * Event: the run stopped because one kind of child process fails on every input. Details: `process` (the kind), `said`
 * (its last output).
 */
export const INSTALLATION_BROKEN = 'installation-broken'

/**
 * Event: the run stopped because a child process did not start (broken installation, or too little memory). The same
 * details.
 */
export const CHILD_CANNOT_START = 'child-cannot-start'
