/** Path of a machine's configuration. */
export const CONFIG_FILE = '/etc/seized/lab.json'
