import type { Meanings } from './meaning.ts'

/** How files are written, whatever they say. */
export const yaml: Meanings = {
  'anchor-cycle': [
    'An anchor is used inside itself, so that it would never end.',
    'Take the alias out of its own anchor.',
  ],
  'bad-encoding': ['The file is no text in UTF-8 or UTF-16.', 'Save it as UTF-8.'],
  'bad-merge': [
    '"<<" is given something that is neither a mapping nor a list of mappings.',
    'Merge mappings: "<<: *anchor".',
  ],
  'bad-tag': [
    'A tag such as !!int or !reset stands before a value that it does not fit.',
    'Remove the tag, or write a value that fits.',
  ],
  'duplicate-key': ['A mapping has the same key twice.', 'Keep one of them.'],
  'empty-file': ['The compose file says nothing.', 'Write "services:" into it, or name another file.'],
  'file-too-large': ['The file is larger than any Compose file is.', 'Name the file that is meant.'],
  'key-not-text': ['A key is a number, a list or a mapping where a name has to be.', 'Write the key in quotes.'],
  'merge-conflict': [
    'Marks of a merge that was not finished are left in the file.',
    'Decide between the two sides, and remove the marks.',
  ],
  'more-errors': ['There are more mistakes than are shown.', 'Mend the first ones; the others are told then.'],
  'not-a-mapping': ['The file is a list or a text where a mapping has to be.', 'Begin with "services:".'],
  'too-deep': [
    'Lists and mappings are nested deeper than can be read.',
    'Look for a line that is indented by mistake.',
  ],
  'too-many-aliases': ['Aliases expand to more than can be read.', 'Use fewer anchors inside of anchors.'],
  'unknown-anchor': ['An alias names an anchor that is not above it.', 'Define the anchor first, or correct its name.'],
  'yaml-boolean': [
    'A word such as "yes" or "on" is read as true or false here, and as a text elsewhere.',
    'Write true or false; or the word in quotes.',
  ],
  'yaml-syntax': [
    'The file is not valid YAML.',
    'Look at the line that is shown, and at the one above it: quotes, colons, indentation.',
  ],
  'yaml-version': [
    'The file asks for a version of YAML that docker compose does not read.',
    'Remove the line "%YAML".',
  ],
}
