/**
 * What Node is started with. With 8 MB for what is young, a small command ends before anything has to be collected. Behind the dashes
 * Node (up to 24) does not look for the file of our --env-file itself, to end with 9 where it is missing.
 */
export const nodeFlags = ['--min-semi-space-size=8', '--'] as const
