/**
 * Text that somebody else wrote (files, images, engines, containers), fit to be drawn: one line, and nothing that a terminal
 * would obey. C1 controls count as well: some terminals take 0x9b as an escape.
 */
export function clean(text: string): string {
  return text
    .replaceAll(escapes, '')
    .replaceAll(/[\t\n\r]+/g, ' ')
    .replaceAll(/\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '')
}

/** As `clean`, for several lines. */
export function cleanLines(text: string): string[] {
  return text.split(/\r?\n/).map(clean)
}

// CSI … letter; OSC, DCS, PM, APC … up to their end (or the line's); two-character escapes.
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g

/** A container's line for a terminal: colours and tabs stay, what moves the cursor or sets titles goes. */
export function cleanLog(line: Buffer): Buffer | string {
  return mayControl(line) ? tame(line.toString('utf8')) : line
}

/** A result for a terminal: as a container's line, for as many as there are. */
export function cleanText(text: string): string {
  return text.split('\n').map(tame).join('\n')
}

function tame(line: string): string {
  return line
    .replaceAll(escapes, sequence => (/^\u001b\[[\d;:]*m$/.test(sequence) ? sequence : ''))
    .replaceAll(/[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f-\u009f]|\u001b(?!\[[\d;:]*m)/g, '')
}

/** Bytes below a blank other than tab, and what may begin a C1 control. */
function mayControl(line: Buffer): boolean {
  for (const byte of line) if ((byte < 0x20 && byte !== 9) || byte === 0x7f || byte === 0xc2) return true
  return false
}
