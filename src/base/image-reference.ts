// The grammar of images' names, as engines read them (distribution/reference, `regexp.go`).
const part = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*'
const path = `${part}(?:/${part})*`
const host = '(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+\\])(?::\\d+)?'
const tag = '\\w[\\w.-]{0,127}'
const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`)
const reference = whole(`(?:${host}/)?${path}(?::${tag})?(?:@[A-Za-z][\\w+.-]*:[0-9A-Fa-f]{32,})?`)
const [paths, hosts, tags] = [whole(path), whole(host), whole(tag)]

/** Whether a text names an image, or is an image's id. One with an empty tag would pull every tag. */
export const isImageReference = (text: string): boolean => reference.test(text)

/** Whether a text is an image's name without host, tag and digest. */
export const isRepository = (text: string): boolean => paths.test(text)

/** Whether a text names a registry's host, with or without port. */
export const isRegistryHost = (text: string): boolean => hosts.test(text)

export const isTag = (text: string): boolean => tags.test(text)
