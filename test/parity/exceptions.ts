const lineBreak =
  'go-yaml takes U+2028 for the end of a line, as YAML 1.1 has it; YAML 1.2, every editor and we take it for a character like others'

/** Projects of which docker compose 5.5 makes something else than we do, on purpose, and why. */
export const exceptions: ReadonlyMap<string, string> = new Map([
  ['unicode-00251', `${lineBreak}: here it begins the file`],
  ['unicode-00587', `${lineBreak}: here it ends a key`],
  [
    'label-file-00990',
    'a name alone at the end of a file without a line feed becomes a label without a name there; with the line feed, and with us, it names a variable',
  ],
])
