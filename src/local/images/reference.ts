const part = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*'
const host = '(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+\\])(?::\\d+)?'
const reference = new RegExp(
  `^(?:${host}/)?${part}(?:/${part})*(?::\\w[\\w.-]{0,127})?(?:@[A-Za-z][\\w+.-]*:[0-9A-Fa-f]{32,})?$`,
)

/** Whether a text names an image, as engines read it (distribution/reference, `regexp.go`). One with an empty tag would pull every tag. */
export const isImageReference = (text: string): boolean => reference.test(text)
